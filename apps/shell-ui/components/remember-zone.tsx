"use client";

import { useEffect } from "react";

import { ZONE_COOKIE } from "@/lib/locale";

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Tells the server the browser's time zone from the next page on. */
export function RememberZone({ known }: { readonly known: string }) {
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone !== known) {
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone)}; Path=/; Max-Age=${String(A_YEAR_SECONDS)}; SameSite=Lax${secure}`;
    }
  }, [known]);
  return null;
}
