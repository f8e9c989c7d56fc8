import "server-only";

import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";

import { log } from "../log";
import { SERVICE } from "./metrics";
import type { Answer, CallTrace, RequestTrace, Tracing } from "./tracing";

/** Where traces go, and how many. */
export interface TracesTo {
  /** The collector's address; spans go to `/v1/traces` below it (OTLP by HTTP). */
  readonly collector: string;
  /** The share of requests that are traced, through all services: from 0 to 1. */
  readonly share: number;
  /** Where the shell runs: development or production. */
  readonly environment: string;
}

/** What is kept for a collector that is away: some seconds of a busy shell. */
const QUEUE = 2_048;
const DELAY_MS = 1_000;
const TIMEOUT_MS = 2_000;

/**
 * Make spans by OpenTelemetry's library.
 *
 * Not as the process' own provider: Next would add spans of its own, with whole addresses, and so with what
 * people look for. The names are those of the semantic conventions for HTTP.
 */
export function openTelemetry({ collector, share, environment }: TracesTo): Tracing {
  setGlobalErrorHandler((error) => {
    log("error", "traces cannot be sent", { reason: error instanceof Error ? error.message : JSON.stringify(error) });
  });
  const exporter = new OTLPTraceExporter({ url: `${collector}/v1/traces`, timeoutMillis: TIMEOUT_MS });
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ "service.name": SERVICE, "deployment.environment.name": environment }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, maxQueueSize: QUEUE, scheduledDelayMillis: DELAY_MS, exportTimeoutMillis: TIMEOUT_MS }),
    ],
  });
  const tracer = provider.getTracer("kyros");
  return {
    begin: (method, path) => new Request(tracer, method, path),
    flush: async () => {
      await provider.forceFlush({ timeoutMillis: TIMEOUT_MS });
    },
  };
}

class Request implements RequestTrace {
  readonly id: string | null;
  readonly #span: Span;

  constructor(
    private readonly tracer: Tracer,
    private readonly method: string,
    path: string,
  ) {
    const attributes = { "http.request.method": method, "url.path": path };
    this.#span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes, root: true }, ROOT_CONTEXT);
    this.id = this.#span.isRecording() ? this.#span.spanContext().traceId : null;
  }

  call(method: string, route: string): CallTrace {
    const attributes = { "http.request.method": method, "url.template": route };
    const span = this.tracer.startSpan(
      `${method} ${route}`,
      { kind: SpanKind.CLIENT, attributes },
      trace.setSpan(ROOT_CONTEXT, this.#span),
    );
    return {
      headers: { traceparent: traceparent(span) },
      end: (status) => {
        sayStatus(span, status);
        span.end();
      },
    };
  }

  end({ route, status, requestId, user, tenant }: Answer): void {
    const span = this.#span;
    span.updateName(`${this.method} ${route}`);
    span.setAttributes({
      "http.route": route,
      "kyros.request_id": requestId,
      ...(user === null ? {} : { "user.id": user }),
      ...(tenant === null ? {} : { "kyros.tenant.id": tenant }),
    });
    sayStatus(span, status);
    span.end();
  }
}

/** The header of W3C Trace Context. */
function traceparent(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

function sayStatus(span: Span, status: number | null): void {
  if (status !== null) {
    span.setAttribute("http.response.status_code", status);
  }
  if (status === null || status >= 500) {
    span.setAttribute("error.type", status === null ? "none" : String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}
