import { describe, expect, it, vi } from "vitest";

import * as api from "@/lib/server/api";
import { env } from "@/lib/server/env";
import { endSession } from "@/lib/server/session/ended";

import { HOME, HTML, lastToken, setScene } from "./scene";
import { ask } from "./stage";

vi.mock("@/lib/server/log");
vi.mock("@/lib/server/env", () => import("./settings"));
vi.mock("@/lib/server/api", async (original) => ({
  ...(await original<typeof api>()),
  exchangeToken: vi.fn(),
  me: vi.fn(),
}));

const scene = setScene();

/** Ask while the first question's answer is on its way; returns the statuses, the first one's first. */
async function whileOneIsAsked(others: number, meanwhile: () => void = () => undefined): Promise<number[]> {
  await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } }); // who they are is known by then
  scene.questions = [];
  let release = (): void => undefined;
  scene.held = new Promise((resolve) => (release = resolve));
  const asks = [ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } })];
  await vi.waitFor(() => {
    expect(scene.questions).toHaveLength(1);
  });
  meanwhile();
  scene.received = [];
  asks.push(...Array.from({ length: others }, () => ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } })));
  await vi.waitFor(() => {
    expect(scene.received).toHaveLength(others); // the scene.dashboard is asked at once, so they all wait for the API
  });
  release();
  return (await Promise.all(asks)).map(({ status }) => status);
}

describe("access", () => {
  it("sends who has no session to sign in: with a page in the frame, in the error form to a script", async () => {
    const page = await ask(scene.shell.port, `${HOME}?tab=model&theme=dark`, { headers: HTML });
    expect(page.status).toBe(401);
    // Without the theme, which is the person's and in no address of a page.
    expect(page.text).toContain('"/sign-in?next=%2Ftenant%2Facme%2Fdashboard%2Frisk%3Ftab%3Dmodel"');
    const script = await ask(scene.shell.port, `${HOME}_dash-layout`, { headers: { "sec-fetch-mode": "cors" } });
    expect([script.status, (JSON.parse(script.text) as { error: { code: string } }).error.code]).toEqual([401, "SESSION_ENDED"]);
    expect(scene.received).toEqual([]);
  });

  it("ends with the first request after it was revoked, though the scene.dashboard would answer", async () => {
    expect((await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } })).status).toBe(200);
    scene.verdict.status = 403;
    const answer = await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie, ...HTML } });
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("not yours to see");
    expect(answer.text).not.toContain("figures");
  });

  it.each([
    ["does not know the dashboard", { status: 404, tenant: "1" }, 404],
    ["fails", { status: 500, tenant: "1" }, 503],
    ["speaks of another tenant", { status: 200, tenant: "2" }, 503],
  ])("is not given when the API %s", async (_, said, status) => {
    scene.verdict = said;
    const answer = await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } });
    expect([answer.status, answer.text.includes("figures")]).toEqual([status, false]);
  });

  it("is asked for with each request", async () => {
    for (let turn = 0; turn < 3; turn++) {
      await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } });
    }
    expect(scene.questions.map(({ url }) => url)).toEqual(Array(3).fill("/api/dashboards/risk/access"));
    expect(api.exchangeToken).toHaveBeenCalledOnce();
  });

  it("is asked for once more for all who come while a question is on its way", async () => {
    const statuses = await whileOneIsAsked(4);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(scene.questions).toHaveLength(2);
  });

  it("is not had from a yes that was on its way when it was revoked, and each no is asked for by who gets it", async () => {
    const statuses = await whileOneIsAsked(3, () => (scene.verdict.status = 403));
    expect(statuses).toEqual([200, 404, 404, 404]);
    expect(scene.questions).toHaveLength(4);
    expect(new Set(scene.questions.map(({ requestId }) => requestId)).size).toBe(4);
  });

  it("is not given while the API cannot be asked", async () => {
    Object.assign(env(), { apiUrl: "http://127.0.0.1:1" });
    const answer = await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie, ...HTML } });
    Object.assign(env(), { apiUrl: scene.platform.url });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "2"]);
    expect(answer.text).not.toContain("figures");
  });

  it("goes on with a new token when the API does not accept the old one", async () => {
    await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } });
    const before = lastToken(scene);
    scene.verdict.status = 401;
    expect((await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } })).status).toBe(502);
    scene.verdict.status = 200;
    expect((await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } })).status).toBe(200);
    expect(lastToken(scene)).not.toBe(before);
  });

  it("ends with the session, though its cookie was opened before", async () => {
    expect((await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } })).status).toBe(200);
    endSession(scene.sessionId, Date.now() / 1000 + 60);
    expect((await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie } })).status).toBe(401);
  });

  it("goes on with a new token when the old one is not accepted, and sends the body again", async () => {
    const bodies: string[] = [];
    scene.answerAs = (request, response) => {
      const isFirst = scene.received.length === 1;
      void request.toArray().then((parts) => {
        bodies.push(Buffer.concat(parts as Buffer[]).toString());
        response.writeHead(isFirst ? 401 : 200).end("figures");
      });
    };
    const headers = { cookie: scene.cookie, "content-type": "application/json", "content-length": "9", "sec-fetch-site": "same-origin" };
    const answer = await ask(scene.shell.port, `${HOME}_dash-update-component`, { method: "POST", headers, body: '{"a": 12}' });
    expect([answer.status, answer.text, bodies]).toEqual([200, "figures", ['{"a": 12}', '{"a": 12}']]);
    expect(scene.received[0]?.headers.authorization).not.toBe(lastToken(scene));
  });

  it("never shows a dashboard's own 401", async () => {
    scene.answerAs = (_, response) => response.writeHead(401, { "www-authenticate": "Bearer" }).end("raw");
    const answer = await ask(scene.shell.port, HOME, { headers: { cookie: scene.cookie, ...HTML } });
    expect(answer.status).toBe(502);
    expect(answer.text).toContain("gave no usable answer");
    expect(answer.headers).not.toHaveProperty("www-authenticate");
    expect(scene.received).toHaveLength(2);
  });
});
