import "server-only";

import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server } from "node:http";

import { singleton } from "./singleton";
import { answerUnreadable } from "./unreadable-requests";

/** What Node tells when a request begins, before anybody handles it. */
interface Began {
  readonly request: IncomingMessage;
  readonly server: Server;
}

/**
 * Do what Next leaves out with every connection, from the first request on.
 *
 * The connection's address goes to the end of `X-Forwarded-For`, as with every proxy: Next adds it
 * only where there is none, and then nobody can tell whose word it is. And requests that cannot be
 * read get a page.
 */
export function watchConnections(): void {
  singleton("connections", () => {
    subscribe("http.server.request.start", (message) => {
      const { request, server } = message as Began;
      answerUnreadable(server);
      const { headers, socket } = request;
      const before = headers["x-forwarded-for"];
      headers["x-forwarded-for"] = [before, socket.remoteAddress].flat().filter(Boolean).join(", ");
    });
    return true;
  });
}
