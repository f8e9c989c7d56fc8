import "server-only";

import { cookies, headers } from "next/headers";
import { cache } from "react";

import { DEFAULT_LOCALE, parseZone, preferredTag, ZONE_COOKIE, type Locale } from "@/lib/locale";

/** How the person who asks writes dates and numbers. */
export const personLocale = cache(async (): Promise<Locale> => {
  const [jar, received] = await Promise.all([cookies(), headers()]);
  const zone = parseZone(jar.get(ZONE_COOKIE)?.value) ?? DEFAULT_LOCALE.zone;
  return { tag: preferredTag(received.get("accept-language")), zone };
});
