import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { env } from "@/lib/server/env";
import { frontOf } from "@/lib/server/front";

import { askRaw, serve, type Stage } from "./stage";

vi.mock("@/lib/server/log");
vi.mock("@/lib/server/env", () => import("./settings"));
vi.mock("@/lib/server/dash/sessions", () => import("./member"));
vi.mock("@/lib/server/dash/confirm", () => import("./member"));
vi.mock("@/lib/server/access", () => import("./member"));

let dashboard: Stage;
let shell: Stage;
let received: string[] = [];
let behind: string[] = [];

beforeAll(async () => {
  dashboard = await serve((request, response) => {
    received.push(request.url ?? "");
    response.end("figures");
  });
  shell = await serve(
    frontOf([
      (request, response) => {
        behind.push(request.url ?? "");
        response.end("next");
      },
    ]),
  );
  (env().dashboardUrls as Map<string, string>).set("risk", dashboard.url);
});

beforeEach(() => {
  received = [];
  behind = [];
});

afterAll(async () => {
  await Promise.all([shell.close(), dashboard.close()]);
});

it("an honest path arrives", async () => {
  expect(await askRaw(shell.port, "/tenant/acme/dash/risk/_dash-layout?a=..%2f", ["Cookie: kyros_session=any"])).toBe(200);
  expect(received).toEqual(["/dash/risk/_dash-layout?a=..%2f"]);
});

describe("a hostile path", () => {
  it.each([
    ["/tenant/acme/dash/risk/../gone/", 404],
    ["/tenant/acme/dash/risk/%2e%2e/%2e%2e/health", 404],
    ["/tenant/acme/dash/risk/.%2E/x", 404],
    ["/tenant/acme/dash/risk/a%2fb", 404],
    ["/tenant/acme/dash/risk/a%5cb", 404],
    ["/tenant/acme/dash/risk/a\\..\\b", 404],
    ["/tenant/acme/dash/risk//health", 404],
    ["/tenant/acme/dash/risk/%00", 404],
    ["/tenant/acme/dash/risk/%0d%0aX-Evil:1", 404],
    ["/tenant/acme/dash/risk/%252e%252e/", 404],
    ["/tenant/acme/dash/risk/%zz", 404],
    ["/tenant/acme/dash/risk@evil.test/", 404],
    ["/tenant/acme/dash/risk:8000/", 404],
    ["/tenant/acme/dash/../dash/risk/", 404],
    ["/tenant/../dash/risk/assets/x", 404],
    ["/tenant/acme/dash//risk/", 404],
    ["/tenant//dash/risk/", 404],
    ["/tenant/ACME/dash/risk/", 404],
    ["/tenant/acme/dash/", 404],
    ["/tenant/acme/dash", 404],
    ["/dash/risk/_dash-layout", 404],
    ["/dash/risk/assets/../_dash-layout", 404],
    ["/dash/risk/assets/%2e%2e/_dash-layout", 404],
    ["/dash/risk/", 404],
    ["/dash/unknown/assets/x.js", 404],
    ["http://evil.test/tenant/acme/dash/risk/", 400],
    ["http://kyros.test/tenants", 400],
    ["/tenant/acme/dash/risk/caf\u00e9", 400],
    ["/tenant/acme/dash/risk/#fragment", 400],
  ])("%s is answered with %i and passed on to nobody", async (target, status) => {
    expect(await askRaw(shell.port, target, ["Cookie: kyros_session=any"])).toBe(status);
    expect([received, behind]).toEqual([[], []]);
  });
});
