import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { EnvError, readEnv } from "@/lib/server/env";
import { log } from "@/lib/server/log";
import { currentTrace, watched } from "@/lib/server/watch/request";
import { beginTrace, startTracing, traceCall } from "@/lib/server/watch/tracing";

import { ask, serve, type Stage } from "../dash/stage";

vi.mock("@/lib/server/log");

const GOOD = {
  API_URL: "http://api:8000",
  DASHBOARD_URLS: "clv=http://clv:8050",
  SESSION_SECRET_KEY: "5f1c0a9be2d74836a1f4e7093bd8c652",
};
const CLAIMED = "4bf92f3577b34da6a3ce929d0e0e4736";

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

interface Body {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Sent[] }[] }[];
}

const sent: Sent[] = [];
let collector: Stage;

describe("without a collector", () => {
  it("there is no trace, and nothing goes with a request to another service", async () => {
    await startTracing(readEnv(GOOD));
    expect(beginTrace("GET", "/tenants")).toBeNull();
    expect(traceCall(null, "GET", "/api/me").headers).toEqual({});
  });
});

describe("the variables", () => {
  it("name a collector and the share of requests", () => {
    const variables = { ...GOOD, OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/", OTEL_TRACES_SAMPLER_ARG: "0.1" };
    expect(readEnv(variables).traces).toEqual({ collector: "http://collector:4318", share: 0.1, environment: "production" });
  });

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_TRACES_SAMPLER_ARG: "10%" },
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_TRACES_SAMPLER_ARG: "1.5" },
  ])("are refused by name when they are wrong: %j", (wrong) => {
    const name = Object.keys(wrong).at(-1) ?? "";
    expect(() => readEnv({ ...GOOD, ...wrong })).toThrow(EnvError);
    expect(() => readEnv({ ...GOOD, ...wrong })).toThrow(name);
  });
});

describe("with a collector", () => {
  beforeAll(async () => {
    collector = await serve((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString()) as Body;
        sent.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
        response.end("{}");
      });
    });
    await startTracing(readEnv({ ...GOOD, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }));
  });

  afterAll(async () => {
    await collector.close();
  });

  it("a request and what it asks of others are one trace, which the browser does not choose", async () => {
    const passedOn: string[] = [];
    const stage = await serve((request, response) => {
      watched(request, response, () => {
        const call = traceCall(currentTrace(), "GET", "/api/me");
        passedOn.push(call.headers.traceparent ?? "");
        call.end(503);
        response.end("yes");
      });
    });
    await ask(stage.port, "/tenants?search=sought", { headers: { traceparent: `00-${CLAIMED}-00f067aa0ba902b7-01` } });
    await stage.close();
    await vi.waitFor(() => {
      expect(sent).toHaveLength(2);
    }, 5_000);
    const [page, call] = ["GET /tenants", "GET /api/me"].map((name) => sent.find((span) => span.name === name));
    expect(page?.parentSpanId ?? "").toBe("");
    expect(page?.traceId).not.toBe(CLAIMED);
    expect(call).toMatchObject({ traceId: page?.traceId, parentSpanId: page?.spanId, status: { code: 2 } });
    expect(passedOn).toEqual([`00-${page?.traceId ?? ""}-${call?.spanId ?? ""}-01`]);
    expect(JSON.stringify(sent)).not.toContain("sought");
    const told = Object.fromEntries((page?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
    expect(told).toMatchObject({ "http.route": "/tenants", "url.path": "/tenants", "http.response.status_code": 200 });
    expect(log).toHaveBeenCalledWith("info", "answered", expect.objectContaining({ trace_id: page?.traceId }));
  });
});
