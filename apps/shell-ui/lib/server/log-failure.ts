import "server-only";

import type { Instrumentation } from "next";

import { REQUEST_ID_HEADER } from "./http/request-id";
import { log } from "./log";

type Arguments = Parameters<Instrumentation.onRequestError>;

/** Write down that a page or a route failed; its page in the browser names the same id. */
export function logFailure(error: unknown, request: Arguments[1], context: Arguments[2]): void {
  const given = request.headers[REQUEST_ID_HEADER];
  log("error", messageOf(error), {
    method: request.method,
    path: request.path.split("?")[0],
    route: context.routePath,
    digest: digestOf(error),
    request_id: Array.isArray(given) ? given[0] : given,
  });
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.cause === undefined ? error.message : `${error.message} ${messageOf(error.cause)}`;
}

function digestOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "digest" in error ? error.digest : undefined;
}
