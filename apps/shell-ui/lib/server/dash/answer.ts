import "server-only";

import { REQUEST_ID_HEADER } from "../request-id";
import type { Exchange } from "./exchange";
import { responseHeaders, rewriteLocation } from "./headers";
import type { UpstreamResponse } from "./upstream";

/** Statuses whose response must not have a body. */
const BODILESS = new Set([204, 205, 304]);

/** A dashboard's answer as the browser gets it. */
export function answer(sent: UpstreamResponse, { requestId }: Exchange): Response {
  const headers = responseHeaders(sent.headers);
  headers.set(REQUEST_ID_HEADER, requestId);
  if (BODILESS.has(sent.status)) {
    sent.discard();
    return new Response(null, { status: sent.status, headers });
  }
  return new Response(sent.body(), { status: sent.status, headers });
}

/** The same, with a redirect leading where the browser knows the dashboard; null if it leads elsewhere. */
export function answerRedirect(
  sent: UpstreamResponse,
  exchange: Exchange,
  prefix: { readonly from: string; readonly to: string },
): Response | null {
  const { location } = sent.headers;
  if (location === undefined) {
    return answer(sent, exchange);
  }
  const rewritten = rewriteLocation(location, prefix.from, prefix.to);
  if (rewritten === null) {
    sent.discard();
    return null;
  }
  const response = answer(sent, exchange);
  response.headers.set("location", rewritten);
  return response;
}
