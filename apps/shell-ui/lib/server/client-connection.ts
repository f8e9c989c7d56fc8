import "server-only";

import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

import { singleton } from "./singleton";

/** What Node tells when a request begins, before anybody handles it. */
interface Began {
  readonly request: IncomingMessage;
}

/**
 * Add the address of each connection to the end of its requests' `X-Forwarded-For`, as every proxy
 * does. Next adds it only where there is none, and then nobody can tell whose word it is.
 */
export function recordConnections(): void {
  singleton("connections", () => {
    subscribe("http.server.request.start", (message) => {
      const { headers, socket } = (message as Began).request;
      const before = headers["x-forwarded-for"];
      headers["x-forwarded-for"] = [before, socket.remoteAddress].flat().filter(Boolean).join(", ");
    });
    return true;
  });
}
