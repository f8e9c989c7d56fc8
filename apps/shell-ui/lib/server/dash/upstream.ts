import "server-only";

import { Agent, request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { Agent as TlsAgent, request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

import { singleton } from "../singleton";

/** A dashboard must accept the connection within this time … */
const CONNECT_TIMEOUT_MS = 3_000;
/** … and may then be silent for this long, before and within its answer. */
const SILENCE_TIMEOUT_MS = 60_000;
/** Idle connections are closed before uvicorn closes them (5 s), so that none is half-dead when used. */
const IDLE_TIMEOUT_MS = 4_000;

/** One request to a dashboard. */
export interface UpstreamRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes can be sent again, a stream cannot. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  readonly signal: AbortSignal;
}

/** A dashboard's answer; its body is passed on as it comes. */
export interface UpstreamResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: () => ReadableStream<Uint8Array>;
  /** Let the answer pass unread, which leaves the connection good for the next request. */
  readonly discard: () => void;
}

/** The dashboard did not answer, or not in time. */
export class UpstreamAwayError extends Error {
  override readonly name = "UpstreamAwayError";
}

const agents = singleton("dash-agents", () => {
  const options = { keepAlive: true, timeout: IDLE_TIMEOUT_MS };
  return { http: new Agent(options), https: new TlsAgent(options) };
});

/**
 * Send a request to a dashboard.
 *
 * By `node:http` rather than `fetch`, which knows no time limits of this kind.
 *
 * @throws {UpstreamAwayError} when there is no answer
 */
export async function sendUpstream(request: UpstreamRequest): Promise<UpstreamResponse> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = open(request);
    const connecting = setTimeout(() => outgoing.destroy(new Error("connect timeout")), CONNECT_TIMEOUT_MS);
    outgoing.on("socket", (socket) => {
      if (!socket.connecting) {
        clearTimeout(connecting);
      }
      socket.once("connect", () => {
        clearTimeout(connecting);
      });
    });
    outgoing.setTimeout(SILENCE_TIMEOUT_MS, () => outgoing.destroy(new Error("silent for too long")));
    outgoing.once("response", resolve);
    outgoing.once("error", (cause) => {
      clearTimeout(connecting);
      reject(new UpstreamAwayError(cause.message, { cause }));
    });
    sendBody(outgoing, request.body);
  });
  return {
    status: response.statusCode ?? 502,
    headers: response.headers,
    body: () => Readable.toWeb(response) as unknown as ReadableStream<Uint8Array>,
    discard: () => {
      response.resume();
    },
  };
}

function open({ url, method, headers, signal }: UpstreamRequest): ClientRequest {
  return url.protocol === "https:"
    ? httpsRequest(url, { method, headers, signal, agent: agents.https })
    : httpRequest(url, { method, headers, signal, agent: agents.http });
}

function sendBody(outgoing: ClientRequest, body: UpstreamRequest["body"]): void {
  if (body === null || body instanceof Uint8Array) {
    outgoing.end(body ?? undefined);
    return;
  }
  const source = Readable.fromWeb(body as unknown as NodeReadableStream);
  source.on("error", (error) => outgoing.destroy(error));
  source.pipe(outgoing);
}
