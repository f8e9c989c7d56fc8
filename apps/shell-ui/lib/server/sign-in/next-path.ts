import "server-only";

const BASE = "http://kyros.invalid";
// Control characters and backslashes: browsers drop or turn them, which can make another address.
// eslint-disable-next-line no-control-regex -- refusing them is the purpose
const TREACHEROUS = /[\u0000-\u001f\u007f\\]/;
const NOT_A_PAGE = /^\/(?:sign-in|auth|dash|_next|health)(?:\/|$)|^\/tenant\/[^/]+\/dash(?:\/|$)/;

/**
 * Where to go after signing in: the wanted page of this site, or nothing.
 *
 * Only a path of our own pages passes; an address of another site never does.
 */
export function safeNextPath(wanted: unknown): string | null {
  if (typeof wanted !== "string" || !wanted.startsWith("/") || wanted.startsWith("//")) {
    return null;
  }
  if (TREACHEROUS.test(wanted) || !URL.canParse(wanted, BASE)) {
    return null;
  }
  const url = new URL(wanted, BASE);
  if (url.origin !== BASE || url.pathname.startsWith("//") || NOT_A_PAGE.test(url.pathname)) {
    return null;
  }
  return `${url.pathname}${url.search}${url.hash}`;
}

/** The address of the sign-in page that leads on to `next`. */
export function signInPath(next: string | null): string {
  const safe = safeNextPath(next);
  return safe === null || safe === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ next: safe }).toString()}`;
}
