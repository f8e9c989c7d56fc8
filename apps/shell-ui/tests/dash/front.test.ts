import { describe, expect, it, vi } from "vitest";

import type * as api from "@/lib/server/api";
import { log } from "@/lib/server/log";

import { HOME, HTML, setScene } from "./scene";
import { ask } from "./stage";

vi.mock("@/lib/server/log");
vi.mock("@/lib/server/env", () => import("./settings"));
vi.mock("@/lib/server/api", async (original) => ({
  ...(await original<typeof api>()),
  exchangeToken: vi.fn(),
  me: vi.fn(),
}));

const scene = setScene();

describe("what is passed on", () => {
  it("reaches the scene.dashboard with the tenant's token and nothing of the session", async () => {
    const headers = { cookie: scene.cookie, authorization: "Bearer mine", "x-forwarded-prefix": "/tenant/beta/dash/risk/", "accept-encoding": "gzip" };
    const answer = await ask(scene.shell.port, `${HOME}_dash-layout?stress=2&x=%2F..`, { headers });
    expect([answer.status, answer.text]).toEqual([200, "figures"]);
    expect(scene.received[0]?.url).toBe("/dash/risk/_dash-layout?stress=2&x=%2F..");
    expect(scene.received[0]?.headers).toEqual({
      "accept-encoding": "gzip",
      authorization: `Bearer t${String(scene.issued)}`,
      connection: "keep-alive",
      host: `127.0.0.1:${String(scene.dashboard.port)}`,
      "x-forwarded-prefix": HOME,
      "x-request-id": answer.headers["x-request-id"],
    });
  });

  it("comes back with what the browser needs and with security headers", async () => {
    scene.answerAs = (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": 7, "set-cookie": "a=b", server: "uvicorn", "x-powered-by": "dash" });
      response.end("figures");
    };
    const headers = { cookie: scene.cookie, "x-forwarded-proto": "https" };
    const answer = await ask(scene.shell.port, HOME, { headers });
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      "content-encoding": "gzip",
      "content-length": "7",
      "content-security-policy": "frame-ancestors 'self'",
      "referrer-policy": "same-origin",
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
    });
    expect(answer.headers).not.toHaveProperty("set-cookie");
    expect(answer.headers).not.toHaveProperty("server");
    expect(answer.headers).not.toHaveProperty("x-powered-by");
  });

  it("is told to browsers to be for TLS only where there is TLS", async () => {
    expect((await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } })).headers).not.toHaveProperty("strict-transport-security");
  });

  it("is redirected within the scene.dashboard only", async () => {
    scene.answerAs = (request, response) => {
      response.writeHead(302, { location: request.url?.endsWith("in") === true ? "/dash/risk/there" : "http://evil.test/" });
      response.end();
    };
    const inside = await ask(scene.shell.port, `${HOME}in`, { headers: { cookie: scene.cookie } });
    expect([inside.status, inside.headers.location]).toEqual([302, `${HOME}there`]);
    const outside = await ask(scene.shell.port, `${HOME}out`, { headers: { cookie: scene.cookie } });
    expect([outside.status, outside.headers.location]).toEqual([502, undefined]);
  });

  it("gets its slash, so that relative addresses stay inside", async () => {
    const answer = await ask(scene.shell.port, "/tenant/acme/dash/risk?tab=model");
    expect([answer.status, answer.headers.location]).toEqual([308, `${HOME}?tab=model`]);
  });

  it("needs no session where it is a file, and then carries no token", async () => {
    scene.answerAs = (_, response) => {
      response.writeHead(200, { "cache-control": "public, immutable" });
      response.end("script");
    };
    const answer = await ask(scene.shell.port, "/dash/risk/assets/kyros.js?m=1", { headers: { cookie: scene.cookie } });
    expect([answer.text, answer.headers["cache-control"]]).toEqual(["script", "public, immutable"]);
    expect(scene.received[0]?.headers).not.toHaveProperty("authorization");
    expect(scene.questions).toEqual([]);
  });

  it("leaves everything else to Next, with the same security headers", async () => {
    const answer = await ask(scene.shell.port, "/tenants");
    expect([answer.text, scene.behind]).toEqual(["next", ["/tenants"]]);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  });
});

describe("another origin", () => {
  const evil = { origin: "http://evil.test", "sec-fetch-site": "cross-site" };

  it.each([
    ["posts", "POST", { ...evil, "content-type": "text/plain" }],
    ["posts and says nothing of itself", "POST", {}],
    ["reads by script", "GET", evil],
    ["reads as a subresource", "GET", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["frames the dashboard", "GET", { ...HTML, "sec-fetch-site": "cross-site" }],
    ["is a neighbour of the same site", "GET", { ...HTML, "sec-fetch-site": "same-site" }],
  ])("is refused when it %s", async (_, method, headers) => {
    expect((await ask(scene.shell.port, HOME, { method, headers: { cookie: scene.cookie, ...headers } })).status).toBe(403);
    expect(scene.received).toEqual([]);
  });

  it("may lead here by a link that opens a window", async () => {
    const headers = { cookie: scene.cookie, ...HTML, "sec-fetch-site": "cross-site", "sec-fetch-dest": "document" };
    expect((await ask(scene.shell.port, HOME, { headers })).status).toBe(200);
  });

  it.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])("cannot use %s, nor can anybody", async (method) => {
    expect((await ask(scene.shell.port, HOME, { method, headers: { cookie: scene.cookie } })).status).toBe(405);
    expect(scene.received).toEqual([]);
  });
});

it("tells a page that a scene.dashboard is away, and one that retries by itself", async () => {
  const answer = await ask(scene.shell.port, "/tenant/acme/dash/gone/", { headers: { cookie: scene.cookie, ...HTML } });
  expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "2"]);
  expect(answer.text).toContain("is away for a moment");
  expect(answer.text).toContain("setTimeout(again");
});

it("writes one line a request, with neither query nor token nor cookie", async () => {
  await ask(scene.shell.port, `${HOME}?search=secret`, { headers: { cookie: scene.cookie } });
  await vi.waitFor(() => {
    expect(log).toHaveBeenCalledOnce();
  });
  expect(JSON.stringify(vi.mocked(log).mock.calls)).not.toMatch(/secret|Bearer|kyros_session/);
});
