import "server-only";

export const HEALTH = "/health";
/** What all paths are counted under that are nobody's. */
export const UNKNOWN = "unknown";

const PAGES = [
  "/",
  HEALTH,
  "/icon.svg",
  "/sign-in",
  "/tenants",
  "/auth/session",
  "/auth/sign-in",
  "/auth/sign-out",
  "/tenant/{tenant}",
  "/tenant/{tenant}/audit",
  "/tenant/{tenant}/inspector",
  "/tenant/{tenant}/dashboard/{dashboard}",
  "/tenants/{tenant}/logo",
] as const;
const PATTERNS = PAGES.map((page) => ({ page, pattern: new RegExp(`^${page.replaceAll(/\{\w+\}/g, "[^/]+")}/?$`) }));
const FILES = "/_next/static/";
/** Paths of a dashboard that its page asks for; all else that a dashboard has are files. */
const DASHBOARD_PATHS = new Set(["", "_dash-layout", "_dash-dependencies", "_dash-update-component", "_kyros-rows"]);

/** The template of the shell's own path, of which there are as many as there are pages. */
export function templateOf(path: string): string {
  if (path.startsWith(FILES)) {
    return `${FILES}{file}`;
  }
  return PATTERNS.find(({ pattern }) => pattern.test(path))?.page ?? UNKNOWN;
}

/** The template of a dashboard's path as the browser sees it. */
export function dashboardTemplateOf(kind: "tenant" | "files", path: string): string {
  if (kind === "files") {
    return "/dash/{dashboard}/{file}";
  }
  return `/tenant/{tenant}${upstreamTemplateOf(path)}`;
}

/** The template of a dashboard's path as the dashboard itself sees it. */
export function upstreamTemplateOf(path: string): string {
  return `/dash/{dashboard}/${DASHBOARD_PATHS.has(path) ? path : "{file}"}`;
}
