import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, it, vi } from "vitest";

import { readEnv } from "@/lib/server/env";
import { log } from "@/lib/server/log";
import { countDenial, registry } from "@/lib/server/watch/metrics";
import { noteCaller, watched } from "@/lib/server/watch/request";
import { serveMetrics, standsApart } from "@/lib/server/watch/serve";

import { ask, serve } from "../dash/stage";

vi.mock("@/lib/server/log");

const GOOD = {
  API_URL: "http://api:8000",
  DASHBOARD_URLS: "clv=http://clv:8050",
  SESSION_SECRET_KEY: "5f1c0a9be2d74836a1f4e7093bd8c652",
};
let server: Server | null = null;

afterEach(() => {
  server?.close();
  registry.resetMetrics();
});

describe("the port of its own", () => {
  it("is none unless it is asked for", async () => {
    expect(await serveMetrics(readEnv(GOOD))).toBeNull();
    expect(await serveMetrics(readEnv({ ...GOOD, METRICS_PORT: "" }))).toBeNull();
  });

  it("is on this machine alone unless it is told otherwise", () => {
    expect(readEnv({ ...GOOD, METRICS_PORT: "9100" })).toMatchObject({ metricsPort: 9100, metricsHost: "127.0.0.1" });
  });

  it("serves what was counted, and the shell does not stand in front of it", async () => {
    const { port } = await takePort();
    server = await serveMetrics({ ...readEnv(GOOD), metricsPort: port });
    if (server === null) {
      throw new Error("no server");
    }
    expect(standsApart(server)).toBe(true);
    countDenial("CROSS_ORIGIN");
    const answer = await ask(port, "/metrics");
    expect(answer.headers["content-type"]).toContain("text/plain");
    expect(answer.text).toContain('kyros_denials_total{service="shell-ui",code="CROSS_ORIGIN"} 1');
    expect(answer.text).toContain("process_cpu_seconds_total");
  });
});

describe("a request that Next answers", () => {
  it("is logged with its id, route, status and time, and whom it was from and about", async () => {
    const seen: unknown[] = [];
    const stage = await serve((request, response) => {
      watched(request, response, () => {
        void later().then(() => {
          noteCaller({ user: "u1", tenant: "t1" });
          seen.push(request.headers["x-request-id"]);
          response.statusCode = 403;
          response.end("no");
        });
      });
    });
    await ask(stage.port, "/tenant/acme/audit?search=somebody", { headers: { "x-request-id": "not acceptable" } });
    await ask(stage.port, "/health");
    await stage.close();
    expect(log).toHaveBeenCalledExactlyOnceWith("info", "answered", {
      method: "GET",
      path: "/tenant/acme/audit",
      route: "/tenant/{tenant}/audit",
      status: 403,
      milliseconds: expect.any(Number) as number,
      tenant: "t1",
      user: "u1",
      request_id: seen[0],
    });
    expect(seen[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(await registry.metrics()).toContain('kyros_tenant_requests_total{service="shell-ui",tenant="t1",outcome="refused"} 1');
  });
});

async function later(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}

async function takePort(): Promise<{ port: number }> {
  const stage = await serve(() => undefined);
  const { port } = stage.server.address() as AddressInfo;
  await stage.close();
  return { port };
}
