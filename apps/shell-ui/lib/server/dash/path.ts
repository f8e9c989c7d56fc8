import "server-only";

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
// eslint-disable-next-line no-control-regex -- refusing them is the purpose
const TREACHEROUS = /[\u0000-\u001f\u007f\\%]/;
const STATIC_PATH = /^(?:_dash-component-suites\/.+|assets\/.+|_favicon\.ico)$/;

/** Whether this can be the slug of a tenant or dashboard at all. */
export function isSlug(value: string): boolean {
  return SLUG.test(value);
}

/**
 * What follows `prefix` in a path, as it was sent; null when it could lead anywhere else.
 *
 * Refused are dot segments, empty segments, backslashes and control characters, encoded or not,
 * encoded slashes, and whatever is encoded twice: two programs in a row that read such a path may
 * each see another one.
 */
export function pathBelow(pathname: string, prefix: string): string | null {
  if (!pathname.startsWith(prefix)) {
    return null;
  }
  const rest = pathname.slice(prefix.length);
  const decoded = decodeOnce(rest);
  if (decoded === null || TREACHEROUS.test(decoded)) {
    return null;
  }
  const segments = decoded.split("/");
  const encodedSlash = segments.length !== rest.split("/").length;
  const oddSegment = segments.some(
    (segment, index) => segment === "." || segment === ".." || (segment === "" && index < segments.length - 1),
  );
  return encodedSlash || oddSegment ? null : rest;
}

/** Whether a path below a dashboard's prefix is one of its files, which are the same for everybody. */
export function isStaticPath(rest: string): boolean {
  return STATIC_PATH.test(rest);
}

function decodeOnce(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
