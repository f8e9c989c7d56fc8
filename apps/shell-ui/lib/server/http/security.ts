import "server-only";

import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";

import { SECURITY_HEADERS, TRANSPORT_SECURITY } from "../../security-headers";

/** The policy of what is no page: it may load nothing, and nobody may frame it. */
const NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** Put on an answer what every answer carries; whoever answers may set a policy of its own. */
export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    response.setHeader(name, value);
  }
  response.setHeader("Content-Security-Policy", NO_PAGE_POLICY);
  if (isOverTls(request)) {
    response.setHeader(TRANSPORT_SECURITY.name, TRANSPORT_SECURITY.value);
  }
}

/** Whether the browser speaks TLS, with us or with the edge in front. */
function isOverTls({ headers, socket }: IncomingMessage): boolean {
  const forwarded = headers["x-forwarded-proto"]?.toString().split(",")[0]?.trim().toLowerCase();
  return forwarded === undefined ? (socket as Partial<TLSSocket>).encrypted === true : forwarded === "https";
}
