import "server-only";

import { isSlug, isStaticPath, pathBelow } from "./path";

/** What a request line asks of a dashboard. */
export interface DashRoute {
  /** A tenant's pages and callbacks, or the files that are the same for everybody. */
  readonly kind: "tenant" | "files";
  /** Empty for files, which belong to no tenant. */
  readonly tenantSlug: string;
  readonly dashboardSlug: string;
  /** The dashboard's prefix as the browser knows it. */
  readonly prefix: string;
  /** What follows the prefix, exactly as it was sent. */
  readonly path: string;
  /** The query with its question mark, exactly as it was sent; or nothing. */
  readonly search: string;
}

/** What to do with a request line. */
export type Routed =
  | { readonly kind: "route"; readonly route: DashRoute }
  /** The dashboard's page without its slash. */
  | { readonly kind: "redirect"; readonly location: string }
  /** In a dashboard's place, and nothing that a dashboard has. */
  | { readonly kind: "nothing" }
  /** Not a path, or none that a browser sends. */
  | { readonly kind: "malformed" }
  /** The shell's own. */
  | { readonly kind: "elsewhere" };

const PRINTABLE = /^[\u0021-\u007e]*$/;
const EMBED = /^(?:\/tenant\/([^/]*))?\/dash(?:\/([^/]*)(\/.*)?)?$/;

/**
 * Read a request's target as it stands in the request line.
 *
 * Not by `URL`, which resolves dots and turns backslashes: what is looked at here must be what is
 * sent on, to the byte.
 */
export function routeOf(target: string): Routed {
  // Also the absolute form, which is meant for proxies that lead out into the world.
  if (!target.startsWith("/") || !PRINTABLE.test(target) || target.includes("#")) {
    return { kind: "malformed" };
  }
  const question = target.indexOf("?");
  const pathname = question < 0 ? target : target.slice(0, question);
  const search = question < 0 ? "" : target.slice(question);
  const match = EMBED.exec(pathname);
  if (match === null) {
    return { kind: "elsewhere" };
  }
  const [, tenantSlug, dashboardSlug = "", below] = match;
  if (!isSlug(dashboardSlug) || (tenantSlug !== undefined && !isSlug(tenantSlug))) {
    return { kind: "nothing" };
  }
  return tenantSlug === undefined
    ? filesRoute(dashboardSlug, pathname, search)
    : tenantRoute({ tenantSlug, dashboardSlug }, { pathname, search, isBare: below === undefined });
}

function tenantRoute(
  { tenantSlug, dashboardSlug }: { tenantSlug: string; dashboardSlug: string },
  { pathname, search, isBare }: { pathname: string; search: string; isBare: boolean },
): Routed {
  const prefix = `/tenant/${tenantSlug}/dash/${dashboardSlug}/`;
  if (isBare) {
    return { kind: "redirect", location: `${prefix}${search}` };
  }
  const path = pathBelow(pathname, prefix);
  return path === null
    ? { kind: "nothing" }
    : { kind: "route", route: { kind: "tenant", tenantSlug, dashboardSlug, prefix, path, search } };
}

function filesRoute(dashboardSlug: string, pathname: string, search: string): Routed {
  const prefix = `/dash/${dashboardSlug}/`;
  const path = pathBelow(pathname, prefix);
  return path === null || !isStaticPath(path)
    ? { kind: "nothing" }
    : { kind: "route", route: { kind: "files", tenantSlug: "", dashboardSlug, prefix, path, search } };
}
