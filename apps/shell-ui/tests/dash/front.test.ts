import type { IncomingMessage, RequestListener } from "node:http";

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import * as api from "@/lib/server/api";
import { env } from "@/lib/server/env";
import { frontOf } from "@/lib/server/front";
import { log } from "@/lib/server/log";
import { endSession } from "@/lib/server/session/ended";
import { sessionCookies, startSession } from "@/lib/server/session/session";

import { ask, serve, type Stage } from "./stage";

vi.mock("@/lib/server/log");
vi.mock("@/lib/server/env", () => import("./settings"));
vi.mock("@/lib/server/api", async (original) => ({
  ...(await original<typeof api>()),
  exchangeToken: vi.fn(),
  me: vi.fn(),
}));

const acme = { id: "1", name: "Acme", slug: "acme", role: "viewer", colour: null, logo: null };
const HOME = "/tenant/acme/dash/risk/";
const HTML = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin" };

let platform: Stage;
let dashboard: Stage;
let shell: Stage;
/** What the API says of access, and what it was asked. */
let verdict: { status: number; tenant: string };
let questions: string[] = [];
let received: IncomingMessage[] = [];
let behind: string[] = [];
let answerAs: RequestListener;
let cookie: string;
let sessionId: string;
let issued = 0;

beforeAll(async () => {
  platform = await serve((request, response) => {
    questions.push(request.url ?? "");
    response.writeHead(verdict.status).end(JSON.stringify({ tenant_id: verdict.tenant, user_id: "u", role: "viewer" }));
  });
  dashboard = await serve((request, response) => {
    received.push(request);
    answerAs(request, response);
  });
  const next: RequestListener = (request, response) => {
    behind.push(request.url ?? "");
    response.end("next");
  };
  shell = await serve(frontOf([next]));
  Object.assign(env(), { apiUrl: platform.url });
  (env().dashboardUrls as Map<string, string>).set("risk", dashboard.url).set("gone", "http://127.0.0.1:1");
});

afterAll(async () => {
  await Promise.all([shell.close(), dashboard.close(), platform.close()]);
});

beforeEach(async () => {
  vi.clearAllMocks();
  verdict = { status: 200, tenant: acme.id };
  questions = [];
  received = [];
  behind = [];
  answerAs = (_, response) => response.end("figures");
  vi.mocked(api.me).mockResolvedValue({ email: "a@acme.com", tenants: [acme], logos: new Map() });
  vi.mocked(api.exchangeToken).mockImplementation(() => {
    issued += 1;
    return Promise.resolve({ token: `t${String(issued)}`, lifetimeSeconds: 60, expiresAtMs: Date.now() + 60_000 });
  });
  const session = startSession("a@acme.com", "user-token", 3600);
  sessionId = session.id;
  const cookies = await sessionCookies(session, new Map(), false);
  cookie = ["other=1", ...cookies.map(({ name, value }) => `${name}=${value}`)].join("; ");
});

const lastToken = (): string => received.at(-1)?.headers.authorization ?? "";

describe("what is passed on", () => {
  it("reaches the dashboard with the tenant's token and nothing of the session", async () => {
    const headers = { cookie, authorization: "Bearer mine", "x-forwarded-prefix": "/tenant/beta/dash/risk/", "accept-encoding": "gzip" };
    const answer = await ask(shell.port, `${HOME}_dash-layout?stress=2&x=%2F..`, { headers });
    expect([answer.status, answer.text]).toEqual([200, "figures"]);
    expect(received[0]?.url).toBe("/dash/risk/_dash-layout?stress=2&x=%2F..");
    expect(received[0]?.headers).toEqual({
      "accept-encoding": "gzip",
      authorization: `Bearer t${String(issued)}`,
      connection: "keep-alive",
      host: `127.0.0.1:${String(dashboard.port)}`,
      "x-forwarded-prefix": HOME,
      "x-request-id": answer.headers["x-request-id"],
    });
  });

  it("comes back with what the browser needs and with security headers", async () => {
    answerAs = (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-length": 7, "set-cookie": "a=b", server: "uvicorn", "x-powered-by": "dash" });
      response.end("figures");
    };
    const headers = { cookie, "x-forwarded-proto": "https" };
    const answer = await ask(shell.port, HOME, { headers });
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
    expect((await ask(shell.port, HOME, { headers: { cookie } })).headers).not.toHaveProperty("strict-transport-security");
  });

  it("is redirected within the dashboard only", async () => {
    answerAs = (request, response) => {
      response.writeHead(302, { location: request.url?.endsWith("in") === true ? "/dash/risk/there" : "http://evil.test/" });
      response.end();
    };
    const inside = await ask(shell.port, `${HOME}in`, { headers: { cookie } });
    expect([inside.status, inside.headers.location]).toEqual([302, `${HOME}there`]);
    const outside = await ask(shell.port, `${HOME}out`, { headers: { cookie } });
    expect([outside.status, outside.headers.location]).toEqual([502, undefined]);
  });

  it("gets its slash, so that relative addresses stay inside", async () => {
    const answer = await ask(shell.port, "/tenant/acme/dash/risk?tab=model");
    expect([answer.status, answer.headers.location]).toEqual([308, `${HOME}?tab=model`]);
  });

  it("needs no session where it is a file, and then carries no token", async () => {
    answerAs = (_, response) => {
      response.writeHead(200, { "cache-control": "public, immutable" });
      response.end("script");
    };
    const answer = await ask(shell.port, "/dash/risk/assets/kyros.js?m=1", { headers: { cookie } });
    expect([answer.text, answer.headers["cache-control"]]).toEqual(["script", "public, immutable"]);
    expect(received[0]?.headers).not.toHaveProperty("authorization");
    expect(questions).toEqual([]);
  });

  it("leaves everything else to Next, with the same security headers", async () => {
    const answer = await ask(shell.port, "/tenants");
    expect([answer.text, behind]).toEqual(["next", ["/tenants"]]);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  });
});

describe("access", () => {
  it("sends who has no session to sign in: with a page in the frame, in the error form to a script", async () => {
    const page = await ask(shell.port, `${HOME}?tab=model&theme=dark`, { headers: HTML });
    expect(page.status).toBe(401);
    // Without the theme, which is the person's and in no address of a page.
    expect(page.text).toContain('"/sign-in?next=%2Ftenant%2Facme%2Fdashboard%2Frisk%3Ftab%3Dmodel"');
    const script = await ask(shell.port, `${HOME}_dash-layout`, { headers: { "sec-fetch-mode": "cors" } });
    expect([script.status, (JSON.parse(script.text) as { error: { code: string } }).error.code]).toEqual([401, "SESSION_ENDED"]);
    expect(received).toEqual([]);
  });

  it("ends with the first request after it was revoked, though the dashboard would answer", async () => {
    expect((await ask(shell.port, HOME, { headers: { cookie } })).status).toBe(200);
    verdict.status = 403;
    const answer = await ask(shell.port, HOME, { headers: { cookie, ...HTML } });
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("not yours to see");
    expect(answer.text).not.toContain("figures");
  });

  it.each([
    ["does not know the dashboard", { status: 404, tenant: "1" }, 404],
    ["fails", { status: 500, tenant: "1" }, 503],
    ["speaks of another tenant", { status: 200, tenant: "2" }, 503],
  ])("is not given when the API %s", async (_, said, status) => {
    verdict = said;
    const answer = await ask(shell.port, HOME, { headers: { cookie } });
    expect([answer.status, answer.text.includes("figures")]).toEqual([status, false]);
  });

  it("asks the API once for each request, also for those at the same time", async () => {
    await Promise.all(Array.from({ length: 4 }, () => ask(shell.port, HOME, { headers: { cookie } })));
    expect(questions).toEqual(Array(4).fill("/api/dashboards/risk/access"));
    expect(api.exchangeToken).toHaveBeenCalledOnce();
  });

  it("is not given while the API cannot be asked", async () => {
    Object.assign(env(), { apiUrl: "http://127.0.0.1:1" });
    const answer = await ask(shell.port, HOME, { headers: { cookie, ...HTML } });
    Object.assign(env(), { apiUrl: platform.url });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "2"]);
    expect(answer.text).not.toContain("figures");
  });

  it("goes on with a new token when the API does not accept the old one", async () => {
    await ask(shell.port, HOME, { headers: { cookie } });
    const before = lastToken();
    verdict.status = 401;
    expect((await ask(shell.port, HOME, { headers: { cookie } })).status).toBe(502);
    verdict.status = 200;
    expect((await ask(shell.port, HOME, { headers: { cookie } })).status).toBe(200);
    expect(lastToken()).not.toBe(before);
  });

  it("ends with the session, though its cookie was opened before", async () => {
    expect((await ask(shell.port, HOME, { headers: { cookie } })).status).toBe(200);
    endSession(sessionId, Date.now() / 1000 + 60);
    expect((await ask(shell.port, HOME, { headers: { cookie } })).status).toBe(401);
  });

  it("goes on with a new token when the old one is not accepted, and sends the body again", async () => {
    const bodies: string[] = [];
    answerAs = (request, response) => {
      const isFirst = received.length === 1;
      void request.toArray().then((parts) => {
        bodies.push(Buffer.concat(parts as Buffer[]).toString());
        response.writeHead(isFirst ? 401 : 200).end("figures");
      });
    };
    const headers = { cookie, "content-type": "application/json", "content-length": "9", "sec-fetch-site": "same-origin" };
    const answer = await ask(shell.port, `${HOME}_dash-update-component`, { method: "POST", headers, body: '{"a": 12}' });
    expect([answer.status, answer.text, bodies]).toEqual([200, "figures", ['{"a": 12}', '{"a": 12}']]);
    expect(received[0]?.headers.authorization).not.toBe(lastToken());
  });

  it("never shows a dashboard's own 401", async () => {
    answerAs = (_, response) => response.writeHead(401, { "www-authenticate": "Bearer" }).end("raw");
    const answer = await ask(shell.port, HOME, { headers: { cookie, ...HTML } });
    expect(answer.status).toBe(502);
    expect(answer.text).toContain("gave no usable answer");
    expect(answer.headers).not.toHaveProperty("www-authenticate");
    expect(received).toHaveLength(2);
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
    expect((await ask(shell.port, HOME, { method, headers: { cookie, ...headers } })).status).toBe(403);
    expect(received).toEqual([]);
  });

  it("may lead here by a link that opens a window", async () => {
    const headers = { cookie, ...HTML, "sec-fetch-site": "cross-site", "sec-fetch-dest": "document" };
    expect((await ask(shell.port, HOME, { headers })).status).toBe(200);
  });

  it.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])("cannot use %s, nor can anybody", async (method) => {
    expect((await ask(shell.port, HOME, { method, headers: { cookie } })).status).toBe(405);
    expect(received).toEqual([]);
  });
});

it("tells a page that a dashboard is away, and one that retries by itself", async () => {
  const answer = await ask(shell.port, "/tenant/acme/dash/gone/", { headers: { cookie, ...HTML } });
  expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "2"]);
  expect(answer.text).toContain("is away for a moment");
  expect(answer.text).toContain("setTimeout(again");
});

it("writes one line a request, with neither query nor token nor cookie", async () => {
  await ask(shell.port, `${HOME}?search=secret`, { headers: { cookie } });
  await vi.waitFor(() => {
    expect(log).toHaveBeenCalledOnce();
  });
  expect(JSON.stringify(vi.mocked(log).mock.calls)).not.toMatch(/secret|Bearer|kyros_session/);
});
