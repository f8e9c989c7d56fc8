import "server-only";

import { REQUEST_ID_HEADER } from "./request-id";

/** What a refused request is told; every Kyros service answers in this form. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
}

/** The error form that all Kyros services share, as a JSON response. */
export function errorForm({ status, code, message, requestId }: Problem): Response {
  const timestamp = new Date().toISOString();
  return Response.json(
    { error: { code, message, details: null, timestamp, request_id: requestId } },
    { status, headers: { "Cache-Control": "no-store", [REQUEST_ID_HEADER]: requestId } },
  );
}
