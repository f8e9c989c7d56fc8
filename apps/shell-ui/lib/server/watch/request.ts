import "server-only";

import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";

import { isDevServer } from "../env";
import { REQUEST_ID_HEADER, requestIdOf } from "../http/request-id";
import { log } from "../log";
import { singleton } from "../singleton";
import { countRequest } from "./metrics";
import { HEALTH, templateOf } from "./template";
import { beginTrace, type RequestTrace } from "./tracing";

/** Whom a request turned out to be from and about, by their ids. */
export interface Caller {
  user: string | null;
  tenant: string | null;
  readonly trace: RequestTrace | null;
}

/** A request and its answer, when that has been sent. */
interface Done extends Caller {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: string;
  readonly startedAt: number;
  readonly requestId: string;
  /** Whether the browser was gone before it had the whole answer. */
  readonly left: boolean;
}

/** Shared with the pages and routes, which Next bundles apart and calls without Node's request. */
const caller = singleton("caller", () => new AsyncLocalStorage<Caller>());

/** Say whom the request at hand is from or about; without one, nothing happens. */
export function noteCaller(known: Partial<Omit<Caller, "trace">>): void {
  const noted = caller.getStore();
  if (noted !== undefined) {
    Object.assign(noted, known);
  }
}

/** The trace of the request at hand; null when none is made. */
export function currentTrace(): RequestTrace | null {
  return caller.getStore()?.trace ?? null;
}

/** Say for the length of some work whose request it is for. */
export function onBehalfOf<T>(known: Caller, work: () => T): T {
  return caller.run(known, work);
}

/** Let Next answer a request, then log and count it. */
export function watched(request: IncomingMessage, response: ServerResponse, work: () => void): void {
  const { headers } = request;
  const path = pathOf(request);
  if (path === HEALTH) {
    work();
    return;
  }
  const startedAt = performance.now();
  const requestId = requestIdOf({ get: (name) => headers[name]?.toString() ?? null });
  // All that Next runs for this request goes by the same id.
  headers[REQUEST_ID_HEADER] = requestId;
  const known: Caller = { user: null, tenant: null, trace: beginTrace(request.method ?? "GET", path) };
  response.once("close", () => {
    const left = !response.writableFinished;
    // `next dev` prints a line of its own.
    recordAnswer({ request, response, route: templateOf(path), startedAt, requestId, left, ...known }, !isDevServer);
  });
  caller.run(known, work);
}

/** Log and count a request that was answered. */
export function recordAnswer(done: Done, logged = true): void {
  const { request, response, route, startedAt, requestId, left, tenant, user, trace } = done;
  const milliseconds = performance.now() - startedAt;
  const method = request.method ?? "GET";
  const { statusCode: status } = response;
  countRequest({ route, method, status, seconds: milliseconds / 1000, tenant });
  trace?.end({ route, status, requestId, user, tenant });
  if (logged) {
    log(status >= 500 ? "warning" : "info", "answered", {
      method,
      path: pathOf(request),
      route,
      status,
      ...(left ? { left } : {}),
      milliseconds: Math.round(milliseconds * 10) / 10,
      ...(tenant === null ? {} : { tenant }),
      ...(user === null ? {} : { user }),
      ...(trace?.id ? { trace_id: trace.id } : {}),
      request_id: requestId,
    });
  }
}

/** The path alone: a query can carry what a person looked for. */
export function pathOf({ url = "" }: IncomingMessage): string {
  return url.split("?", 1)[0] ?? "";
}
