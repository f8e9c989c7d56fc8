import type { IncomingMessage, RequestListener } from "node:http";

import { afterAll, beforeAll, beforeEach, vi } from "vitest";

import * as api from "@/lib/server/api";
import { env } from "@/lib/server/env";
import { frontOf } from "@/lib/server/front";
import { sessionCookies, startSession } from "@/lib/server/session/session";

import { serve, type Stage } from "./stage";

export const HOME = "/tenant/acme/dash/risk/";
export const HTML = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin" };

const acme = { id: "1", name: "Acme", slug: "acme", role: "viewer", colour: null, logo: null };

/** An API, a dashboard, and the shell's front before them, with somebody who has signed in. */
export interface Scene {
  platform: Stage;
  dashboard: Stage;
  shell: Stage;
  /** What the API says of access, what it was asked, and what its answers wait for. */
  verdict: { status: number; tenant: string };
  questions: { readonly url: string; readonly requestId: string }[];
  held: Promise<void>;
  /** What came to the dashboard, how it answers, and what came to Next. */
  received: IncomingMessage[];
  answerAs: RequestListener;
  behind: string[];
  cookie: string;
  sessionId: string;
  /** How many tokens there have been. */
  issued: number;
}

/** Set the scene for the tests of a file; it is new for each of them, but for the servers. */
export function setScene(): Scene {
  const scene = { issued: 0 } as Scene;

  beforeAll(async () => {
    scene.platform = await serve((request, response) => {
      scene.questions.push({ url: request.url ?? "", requestId: String(request.headers["x-request-id"]) });
      const { status, tenant } = scene.verdict;
      void scene.held.then(() => response.writeHead(status).end(JSON.stringify({ tenant_id: tenant, user_id: "u", role: "viewer" })));
    });
    scene.dashboard = await serve((request, response) => {
      scene.received.push(request);
      scene.answerAs(request, response);
    });
    const next: RequestListener = (request, response) => {
      scene.behind.push(request.url ?? "");
      response.end("next");
    };
    scene.shell = await serve(frontOf([next]));
    Object.assign(env(), { apiUrl: scene.platform.url });
    (env().dashboardUrls as Map<string, string>).set("risk", scene.dashboard.url).set("gone", "http://127.0.0.1:1");
  });

  beforeEach(async () => {
    vi.clearAllMocks();
    Object.assign(scene, { verdict: { status: 200, tenant: acme.id }, questions: [], held: Promise.resolve(), received: [], behind: [] });
    scene.answerAs = (_, response) => response.end("figures");
    vi.mocked(api.me).mockResolvedValue({ email: "a@acme.com", tenants: [acme], logos: new Map() });
    vi.mocked(api.exchangeToken).mockImplementation(() => {
      scene.issued += 1;
      return Promise.resolve({ token: `t${String(scene.issued)}`, lifetimeSeconds: 60, expiresAtMs: Date.now() + 60_000 });
    });
    const session = startSession("a@acme.com", "user-token", 3600);
    scene.sessionId = session.id;
    const cookies = await sessionCookies(session, new Map(), false);
    scene.cookie = ["other=1", ...cookies.map(({ name, value }) => `${name}=${value}`)].join("; ");
  });

  afterAll(async () => {
    await Promise.all([scene.shell.close(), scene.dashboard.close(), scene.platform.close()]);
  });

  return scene;
}

/** The token with which the dashboard was asked last. */
export function lastToken({ received }: Scene): string {
  return received.at(-1)?.headers.authorization ?? "";
}
