import "server-only";

import { randomUUID } from "node:crypto";

export const REQUEST_ID_HEADER = "x-request-id";

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** The request's own id when it is harmless to log and pass on, else a new one. */
export function requestIdOf(headers: Pick<Headers, "get">): string {
  const given = headers.get(REQUEST_ID_HEADER) ?? "";
  return ACCEPTED.test(given) ? given : randomUUID().replaceAll("-", "");
}
