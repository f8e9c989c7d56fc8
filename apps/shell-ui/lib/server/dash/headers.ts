import "server-only";

import type { IncomingHttpHeaders } from "node:http";

const FRAME_RULE = "frame-ancestors 'self'";

/** What a dashboard may learn of the browser's request: no cookie, no authorization. */
const REQUEST_HEADERS = [
  "accept",
  "accept-encoding",
  "accept-language",
  "if-modified-since",
  "if-none-match",
  "range",
  "user-agent",
] as const;

/** The same of a body; without a body they would let a dashboard wait for one. */
const BODY_HEADERS = ["content-length", "content-type"] as const;

/** What the browser may get of a dashboard's answer: no cookie, no challenge, no hop-by-hop header. */
const RESPONSE_HEADERS = [
  "accept-ranges",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-range",
  "content-security-policy",
  "content-type",
  "etag",
  "last-modified",
  "retry-after",
  "vary",
] as const;

/** The headers of a browser's request that go on to a dashboard. */
export function requestHeaders(from: IncomingHttpHeaders, hasBody: boolean): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of hasBody ? [...REQUEST_HEADERS, ...BODY_HEADERS] : REQUEST_HEADERS) {
    const value = from[name];
    if (value !== undefined) {
      kept[name] = value;
    }
  }
  return kept;
}

/** The headers of a dashboard's answer that go on to the browser. */
export function responseHeaders(from: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of RESPONSE_HEADERS) {
    const value = from[name];
    if (typeof value === "string") {
      kept[name] = value;
    }
  }
  // A dashboard that forgets them must not become embeddable by other sites, nor kept by anybody.
  kept["cache-control"] ??= "no-store";
  const policy = kept["content-security-policy"];
  if (policy === undefined) {
    kept["content-security-policy"] = FRAME_RULE;
  } else if (!policy.includes("frame-ancestors")) {
    kept["content-security-policy"] = `${policy}, ${FRAME_RULE}`;
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
