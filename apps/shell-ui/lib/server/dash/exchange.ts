import "server-only";

import { log } from "../log";
import { requestIdOf } from "../request-id";

/** One proxied request, as it is named in answers and in the log. */
export interface Exchange {
  readonly requestId: string;
  /** Empty for a dashboard's own files, which belong to no tenant. */
  readonly tenantSlug: string;
  readonly dashboardSlug: string;
}

/** Handle one proxied request and write its line to the log. */
export async function withExchange(
  request: Request,
  slugs: { readonly tenant?: string; readonly dashboard: string },
  handle: (exchange: Exchange) => Promise<Response>,
): Promise<Response> {
  const startedAt = performance.now();
  const exchange = {
    requestId: requestIdOf(request.headers),
    tenantSlug: slugs.tenant ?? "",
    dashboardSlug: slugs.dashboard,
  };
  const response = await handle(exchange);
  // The path alone: a query can carry what a person looked for.
  log(response.status >= 500 ? "warning" : "info", "proxied", {
    method: request.method,
    path: new URL(request.url).pathname,
    status: response.status,
    duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
    request_id: exchange.requestId,
  });
  return response;
}
