import "server-only";

import { env } from "../env";
import { singleton } from "../singleton";

/** A request to another service, as a part of the trace of one that was made here. */
export interface CallTrace {
  /** What goes with it, so that the other service's part of the trace is tied to ours. */
  readonly headers: Readonly<Record<string, string>>;
  /** @param status of the answer, null when there was none */
  end(status: number | null): void;
}

/** What is known of a request when it is answered. */
export interface Answer {
  readonly route: string;
  readonly status: number;
  readonly requestId: string;
  readonly user: string | null;
  readonly tenant: string | null;
}

/** The trace of one request of a browser. */
export interface RequestTrace {
  /** Where to find it, for the log; null when it is not among those that are sent. */
  readonly id: string | null;
  /** @param route the template of what is asked for */
  call(method: string, route: string): CallTrace;
  end(answer: Answer): void;
}

/** What makes traces, in this process. */
export interface Tracing {
  begin(method: string, path: string): RequestTrace;
  /** Send what is left, as long as the collector takes it. */
  flush(): Promise<void>;
}

const UNTRACED: CallTrace = { headers: {}, end: () => undefined };

/** Shared with the pages and routes, which Next bundles apart. */
const tracing = singleton("tracing", () => ({ current: null as Tracing | null }));

/** Begin to send traces, if a variable says where to; without it, the library is not even loaded. */
export async function startTracing({ traces } = env()): Promise<void> {
  if (traces !== null) {
    const { openTelemetry } = await import("./opentelemetry");
    tracing.current = openTelemetry(traces);
  }
}

/** Begin the trace of a request of a browser, whose own word about traces is not asked. */
export function beginTrace(method: string, path: string): RequestTrace | null {
  return tracing.current?.begin(method, path) ?? null;
}

/** Begin a request to another service, for the request at hand. */
export function traceCall(trace: RequestTrace | null | undefined, method: string, route: string): CallTrace {
  return trace?.call(method, route) ?? UNTRACED;
}

/** Send what is left before the process ends; a collector that does not take it holds nobody up. */
export async function flushTraces(): Promise<void> {
  try {
    await tracing.current?.flush();
  } catch {
    // Said already, by the handler of errors.
  }
}
