import "server-only";

import type { IncomingHttpHeaders } from "node:http";

/** What a dashboard may learn of the browser's request: no cookie, no authorization. */
const REQUEST_HEADERS = [
  "accept",
  "accept-language",
  "content-length",
  "content-type",
  "if-modified-since",
  "if-none-match",
  "range",
  "user-agent",
] as const;

/**
 * What the browser may get of a dashboard's answer: no cookie, no challenge, no hop-by-hop header.
 *
 * Nor length and encoding: Next sets both itself, and drops what a route handler says of them.
 */
const RESPONSE_HEADERS = [
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-language",
  "content-range",
  "content-security-policy",
  "content-type",
  "etag",
  "last-modified",
  "retry-after",
  "vary",
] as const;

/** The headers of a browser's request that go on to a dashboard. */
export function requestHeaders(from: Headers): Record<string, string> {
  // Between the services bytes are cheaper than compression; Next compresses for the browser.
  const kept: Record<string, string> = { "accept-encoding": "identity" };
  for (const name of REQUEST_HEADERS) {
    const value = from.get(name);
    if (value !== null) {
      kept[name] = value;
    }
  }
  return kept;
}

/** The headers of a dashboard's answer that go on to the browser. */
export function responseHeaders(from: IncomingHttpHeaders): Headers {
  const kept = new Headers();
  for (const name of RESPONSE_HEADERS) {
    const value = from[name];
    if (typeof value === "string") {
      kept.set(name, value);
    }
  }
  // A dashboard that forgets it must not become embeddable by other sites.
  if (!(kept.get("content-security-policy") ?? "").includes("frame-ancestors")) {
    kept.append("content-security-policy", "frame-ancestors 'self'");
  }
  return kept;
}

/**
 * Where a dashboard's redirect leads in the browser; null when it leaves the dashboard.
 *
 * @param location what the dashboard said
 * @param from the dashboard's own prefix, as `/dash/risk-analysis/`
 * @param to the prefix that the browser knows it by
 */
export function rewriteLocation(location: string, from: string, to: string): string | null {
  const base = "http://dashboard.invalid";
  if (!URL.canParse(location, `${base}${from}`)) {
    return null;
  }
  const { origin, pathname, search } = new URL(location, `${base}${from}`);
  const prefix = [to, from].find((candidate) => pathname.startsWith(candidate));
  return origin !== base || prefix === undefined ? null : `${to}${pathname.slice(prefix.length)}${search}`;
}
