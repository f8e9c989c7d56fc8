import "server-only";

import type { z } from "zod";

import { env } from "../env";
import { REQUEST_ID_HEADER } from "../http/request-id";
import { log } from "../log";
import { currentTrace } from "../watch/request";
import { traceCall } from "../watch/tracing";
import { rememberCall } from "./calls";
import { ApiError, kindOfStatus } from "./errors";
import { pathOf, type Input, type Reads, type Route } from "./routes";
import { errorBody } from "./schemas";

const TIMEOUT_MS = 5_000;

/** One request to the API; `Input` adds what the route takes. */
export interface ApiCall<R extends Route = Route> {
  readonly route: R;
  readonly requestId: string;
  /** Of the person's machine, where the API counts by it; null when nobody knows. */
  readonly address?: string | null;
  readonly token?: string;
  /** Where a route without a body changes something. */
  readonly method?: "POST";
}

interface AnyInput {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  /** Sent as JSON by POST; without it the request is a GET, unless `method` says otherwise. */
  readonly body?: unknown;
}

/**
 * Call the API and return its answer, checked against the schema.
 *
 * Route, input and schema are held to the API's description when this is compiled; what really
 * comes is held to the schema.
 *
 * @throws {ApiError} for every other outcome
 */
export async function callApi<R extends Route, Schema extends z.ZodType>(
  schema: Reads<R, Schema>,
  call: ApiCall<R> & Input<R>,
): Promise<z.output<Schema>> {
  const response = await sendRemembered(call);
  const body = await readJson(response);
  if (!response.ok) {
    const code = errorBody.safeParse(body).data?.error.code ?? `HTTP_${String(response.status)}`;
    throw new ApiError(kindOfStatus(response.status), code, retryAfter(response.headers));
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join("."));
    log("error", "api answered in an unexpected shape", { path: call.route, fields, request_id: call.requestId });
    throw new ApiError("unavailable", "UNEXPECTED_ANSWER");
  }
  return parsed.data;
}

/** Send, traced; and keep what the inspector shows of it. */
async function sendRemembered(call: ApiCall & AnyInput): Promise<Response> {
  const { route, requestId, token } = call;
  const method = methodOf(call);
  const at = Date.now();
  const startedAt = performance.now();
  const traced = traceCall(currentTrace(), method, route);
  let status: number | null = null;
  try {
    const response = await send(call, traced.headers);
    ({ status } = response);
    return response;
  } finally {
    traced.end(status);
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    if (token !== undefined) {
      rememberCall(token, { at, method, route, status, durationMs, requestId });
    }
  }
}

async function send(call: ApiCall & AnyInput, traced: Readonly<Record<string, string>>): Promise<Response> {
  const { route, requestId, address = null, token, parameters, query, body } = call;
  const headers = new Headers({ accept: "application/json", [REQUEST_ID_HEADER]: requestId, ...traced });
  if (token !== undefined) {
    headers.set("authorization", `Bearer ${token}`);
  }
  if (address !== null) {
    headers.set("x-forwarded-for", address);
  }
  if (body !== undefined) {
    headers.set("content-type", "application/json");
  }
  try {
    return await fetch(`${env().apiUrl}${pathOf(route, parameters, query)}`, {
      method: methodOf(call),
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    log("warning", "api cannot be reached", { path: route, reason: reasonOf(cause), request_id: requestId });
    throw new ApiError("unavailable", "API_UNAVAILABLE", null, { cause });
  }
}

function methodOf({ method, body }: ApiCall & AnyInput): "GET" | "POST" {
  return method ?? (body === undefined ? "GET" : "POST");
}

function retryAfter(headers: Headers): number | null {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
