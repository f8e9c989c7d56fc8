import "server-only";

import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as TlsAgent, request as httpsRequest } from "node:https";

import { singleton } from "../singleton";
import { currentTrace } from "../watch/request";
import { traceCall } from "../watch/tracing";
import type { ReplayableBody } from "./body";

/** How long a dashboard may keep somebody waiting, in milliseconds. */
export interface Limits {
  /** Until it takes the connection. */
  readonly connect: number;
  /** Until its answer begins. Its own patience with the API is 15 s. */
  readonly firstByte: number;
  /** Between two parts of its answer. */
  readonly silence: number;
}

export const LIMITS: Readonly<Limits> = { connect: 3_000, firstByte: 30_000, silence: 60_000 };

/** Idle connections are closed before uvicorn closes them (5 s), so that none is half-dead when used. */
const IDLE_TIMEOUT_MS = 4_000;

/** One request to a dashboard. */
export interface UpstreamRequest {
  /** The dashboard's base address. */
  readonly base: string;
  /** The template of its path, for traces. */
  readonly route: string;
  /** Path and query, sent as they are. */
  readonly target: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReplayableBody | null;
  readonly signal?: AbortSignal | undefined;
}

/** The dashboard did not answer; `late` when it took the request and then was silent. */
export class UpstreamAwayError extends Error {
  override readonly name = "UpstreamAwayError";

  constructor(
    message: string,
    readonly late: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const agents = singleton("dash-agents", () => {
  const options = { keepAlive: true, timeout: IDLE_TIMEOUT_MS };
  return { http: new Agent(options), https: new TlsAgent(options) };
});

/**
 * Send a request to a dashboard; its answer is passed on as it comes.
 *
 * By `node:http` rather than `fetch`: that knows no time limits of this kind, undoes compression,
 * and takes several times as long.
 *
 * @throws {UpstreamAwayError} when there is no answer
 */
export async function sendUpstream(request: UpstreamRequest, limits = LIMITS): Promise<IncomingMessage> {
  const traced = traceCall(currentTrace(), request.method, request.route);
  let status: number | null = null;
  try {
    const answer = await sendAgainIfStale({ ...request, headers: { ...request.headers, ...traced.headers } }, limits);
    status = answer.statusCode ?? null;
    return answer;
  } finally {
    traced.end(status);
  }
}

async function sendAgainIfStale(request: UpstreamRequest, limits: Limits): Promise<IncomingMessage> {
  try {
    return await sendOnce(request, limits);
  } catch (error) {
    // The dashboard closed a kept connection in the very moment when it was used again.
    if (error instanceof StaleConnectionError && (request.body === null || request.body.replayable)) {
      return await sendOnce(request, limits);
    }
    throw error;
  }
}

class StaleConnectionError extends UpstreamAwayError {}

async function sendOnce(request: UpstreamRequest, limits: Limits): Promise<IncomingMessage> {
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = open(request);
    let late = false;
    const giveUp = (reason: string): void => {
      outgoing.destroy(new Error(reason));
    };
    const beginning = setTimeout(() => {
      late = true;
      giveUp("no answer in time");
    }, limits.firstByte);
    const connecting = limitConnecting(outgoing, limits.connect, giveUp);
    outgoing.setTimeout(limits.silence, () => {
      giveUp("silent for too long");
    });
    outgoing.once("response", (answer) => {
      clearTimeout(beginning);
      resolve(answer);
    });
    outgoing.once("error", (cause: NodeJS.ErrnoException) => {
      clearTimeout(beginning);
      clearTimeout(connecting);
      const stale = outgoing.reusedSocket && (cause.code === "ECONNRESET" || cause.code === "EPIPE");
      const error = stale && !late ? StaleConnectionError : UpstreamAwayError;
      reject(new error(cause.message, late, { cause }));
    });
    if (request.body === null) {
      outgoing.end();
    } else {
      request.body.sendTo(outgoing);
    }
  });
}

function limitConnecting(outgoing: ClientRequest, limit: number, giveUp: (reason: string) => void): NodeJS.Timeout {
  const timer = setTimeout(() => {
    giveUp("no connection in time");
  }, limit);
  outgoing.once("socket", (socket) => {
    if (!socket.connecting) {
      clearTimeout(timer);
      return;
    }
    socket.once("connect", () => {
      clearTimeout(timer);
    });
  });
  return timer;
}

function open({ base, target, method, headers, signal }: UpstreamRequest): ClientRequest {
  const { protocol, hostname, port, pathname } = new URL(base);
  const path = `${pathname.replace(/\/$/, "")}${target}`;
  // A host name of IPv6 has brackets in an address, and none here.
  const options = { hostname: hostname.replace(/^\[|\]$/g, ""), port, path, method, headers, signal };
  return protocol === "https:"
    ? httpsRequest({ ...options, agent: agents.https })
    : httpRequest({ ...options, agent: agents.http });
}
