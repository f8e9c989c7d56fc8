import "server-only";

import type { Server } from "node:http";

/** Often enough that nobody waits for it, in milliseconds. */
const PAUSE_MS = 100;

/**
 * Once this process is told to stop, close each connection as soon as its answer has gone out.
 *
 * Next stops listening then and waits for what is under way; a connection that the edge keeps for
 * its next request would hold it up until the engine kills it.
 */
export function letGoWhenStopped(server: Server): void {
  process.once("SIGTERM", () => {
    setInterval(() => {
      server.closeIdleConnections();
    }, PAUSE_MS).unref();
  });
}

/**
 * Do some last work when a server has answered everybody, before the one who closes it goes on.
 *
 * Next ends the process then, and knows of nothing else that could be under way.
 */
export function finishBeforeTheEnd(server: Server, work: () => Promise<void>): void {
  const close = server.close.bind(server);
  server.close = (done) =>
    close((error) => {
      void work().finally(() => done?.(error));
    });
}
