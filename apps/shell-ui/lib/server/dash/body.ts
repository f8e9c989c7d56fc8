import "server-only";

import type { ClientRequest, IncomingMessage } from "node:http";

/** Of a body, this much is kept while it passes, so that it can be sent once more. */
const KEPT_BYTES = 256 * 1024;

/**
 * The body of a browser's request, passed on as it comes.
 *
 * A small one is also kept: the first attempt may end in "this token is not accepted".
 */
export class ReplayableBody {
  #kept: Buffer[] | null = [];
  #keptBytes = 0;
  #isStarted = false;

  constructor(private readonly source: IncomingMessage) {}

  /** Whether what has been sent so far can be sent again. */
  get replayable(): boolean {
    return this.#kept !== null;
  }

  /** Send it, from its beginning: what is kept, and then what is still to come. */
  sendTo(outgoing: ClientRequest): void {
    for (const chunk of this.#kept ?? []) {
      outgoing.write(chunk);
    }
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.source.on("data", (chunk: Buffer) => {
        this.#keep(chunk);
      });
    }
    if (this.source.readableEnded) {
      outgoing.end();
      return;
    }
    this.source.once("error", (error) => outgoing.destroy(error));
    this.source.pipe(outgoing);
  }

  #keep(chunk: Buffer): void {
    this.#keptBytes += chunk.length;
    if (this.#keptBytes > KEPT_BYTES) {
      this.#kept = null;
    } else {
      this.#kept?.push(chunk);
    }
  }
}
