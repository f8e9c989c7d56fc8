import "server-only";

/**
 * Whether a request that changes something comes from a page of this very host.
 *
 * A browser sends `Origin` with every form post and script request that is not a plain GET; what
 * sends neither it nor `Sec-Fetch-Site` is refused as well.
 */
export function isSameOrigin(headers: Pick<Headers, "get">): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") {
    return false;
  }
  const origin = headers.get("origin");
  if (origin === null) {
    return site === "same-origin";
  }
  const host = headers.get("host");
  return host !== null && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** Whether the browser reached us over TLS, directly or through the edge in front. */
export function isSecure(url: string, headers: Headers): boolean {
  const forwarded = headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  return (forwarded ?? new URL(url).protocol.replace(":", "")) === "https";
}
