import "server-only";

import type { Duplex } from "node:stream";

/** For the other side to read the answer and close in its turn. */
const LINGER_MS = 1_000;

/**
 * Close a connection once what was written has gone out, whether or not the other side closes it, too.
 *
 * `end` alone waits for that: who never does would hold the connection for good. To destroy it at
 * once would take the answer from somebody who is still sending.
 */
export function closeAfterWriting(socket: Duplex): void {
  socket.end();
  socket.resume();
  const timer = setTimeout(() => {
    socket.destroy();
  }, LINGER_MS);
  socket.once("close", () => {
    clearTimeout(timer);
  });
}
