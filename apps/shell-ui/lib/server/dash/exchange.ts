import "server-only";

import type { IncomingMessage, ServerResponse } from "node:http";

import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id";
import { setSecurityHeaders } from "../http/security";
import { log } from "../log";

/** One request as Node hands it over, and its answer. */
export class Exchange {
  readonly requestId: string;
  readonly #startedAt = performance.now();
  readonly #left = new AbortController();

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    this.requestId = requestIdOf(this.headers);
    setSecurityHeaders(request, response);
    response.setHeader(REQUEST_ID_HEADER, this.requestId);
    response.once("close", () => {
      if (!response.writableFinished) {
        this.#left.abort();
      }
      this.#log();
    });
  }

  /** Aborted when the browser is gone before it has the whole answer. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  get method(): string {
    return this.request.method ?? "GET";
  }

  /** The request's headers, in the way of `Headers`. */
  get headers(): Pick<Headers, "get"> {
    const { headers } = this.request;
    return { get: (name) => headers[name]?.toString() ?? null };
  }

  /** Answer with something small that is ready. */
  async answer(ready: Response): Promise<void> {
    // A body that nobody wants must not keep the connection from its next request.
    this.request.resume();
    for (const [name, value] of ready.headers) {
      this.response.setHeader(name, value);
    }
    this.response.writeHead(ready.status);
    this.response.end(this.method === "HEAD" ? "" : await ready.text());
  }

  #log(): void {
    const { statusCode } = this.response;
    // The path alone: a query can carry what a person looked for.
    log(statusCode >= 500 ? "warning" : "info", "proxied", {
      method: this.method,
      path: (this.request.url ?? "").split("?", 1)[0],
      status: statusCode,
      ...(this.left.aborted ? { left: true } : {}),
      duration_ms: Math.round((performance.now() - this.#startedAt) * 10) / 10,
      request_id: this.requestId,
    });
  }
}
