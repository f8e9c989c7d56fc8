import "server-only";

import { parseTheme, THEME_COOKIE, type Theme } from "@/lib/theme";

/** What the person who asks chose, for what is answered without Next; null follows the system. */
export function themeOf(headers: Pick<Headers, "get">): Theme | null {
  const kept = new RegExp(`(?:^|;)\\s*${THEME_COOKIE}=([^;]*)`).exec(headers.get("cookie") ?? "")?.[1];
  return parseTheme(kept?.trim());
}
