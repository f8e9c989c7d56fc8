import "server-only";

import type { IncomingMessage, ServerResponse } from "node:http";

import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id";
import { setSecurityHeaders } from "../http/security";
import { pathOf, recordAnswer, type Caller } from "../watch/request";
import { beginTrace } from "../watch/tracing";

/** One request as Node hands it over, and its answer. */
export class Exchange {
  readonly requestId: string;
  /** Who asks for which tenant, as far as that is known yet: for the log. */
  readonly caller: Caller;
  readonly #startedAt = performance.now();
  readonly #left = new AbortController();

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    /** The template of what is asked for. */
    private readonly template: string,
  ) {
    this.requestId = requestIdOf(this.headers);
    this.caller = { user: null, tenant: null, trace: beginTrace(this.method, pathOf(request)) };
    setSecurityHeaders(request, response);
    response.setHeader(REQUEST_ID_HEADER, this.requestId);
    response.once("close", () => {
      if (!response.writableFinished) {
        this.#left.abort();
      }
      const { requestId, caller } = this;
      const left = this.left.aborted;
      recordAnswer({ request, response, route: this.template, startedAt: this.#startedAt, requestId, left, ...caller });
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
}
