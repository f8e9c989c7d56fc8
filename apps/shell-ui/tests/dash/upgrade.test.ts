import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import { connect, type Socket } from "node:net";

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { env } from "@/lib/server/env";
import { standBefore } from "@/lib/server/front";
import { refuseUpgrades } from "@/lib/server/http/refuse-upgrade";

import { ask, serve, type Stage } from "./stage";

vi.mock("@/lib/server/log");
vi.mock("@/lib/server/env", () => import("./settings"));
vi.mock("@/lib/server/dash/sessions", () => import("./member"));
vi.mock("@/lib/server/dash/confirm", () => import("./member"));
vi.mock("@/lib/server/access", () => import("./member"));

const HOME = "/tenant/acme/dash/risk/";
const HANDSHAKE = ["Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
const PATIENCE = { timeout: 5_000 };
let dashboard: Stage;
let shell: Stage;
let reached: string[] = [];

beforeAll(async () => {
  const reach = (request: IncomingMessage): void => {
    reached.push(request.url ?? "");
  };
  dashboard = await serve((request, response) => {
    reach(request);
    response.end("figures");
  });
  shell = await serve((request, response) => {
    reach(request);
    response.end("next");
  });
  // As Next does it for what it does not know: take the connection, and never say anything.
  shell.server.on("upgrade", reach);
  dashboard.server.on("upgrade", reach);
  standBefore(shell.server);
  (env().dashboardUrls as Map<string, string>).set("risk", dashboard.url);
});

afterAll(async () => {
  await Promise.all([shell.close(), dashboard.close()]);
});

beforeEach(() => {
  reached = [];
});

/** Somebody who wants to go on by something else, and does not close the connection by themselves. */
function wish(target: string, { upgrade = "websocket", method = "GET", more = [] as readonly string[] } = {}): Socket {
  const socket = connect({ port: shell.port, host: "127.0.0.1", allowHalfOpen: true });
  const lines = [`${method} ${target} HTTP/1.1`, "Host: kyros.test", `Upgrade: ${upgrade}`, ...HANDSHAKE, ...more, "", ""];
  socket.write(lines.join("\r\n"));
  return socket;
}

async function heardBy(socket: Socket): Promise<string> {
  let text = "";
  for await (const part of socket) {
    text += String(part);
  }
  return text;
}

async function connections(server: Server): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error === null) {
        resolve(count);
      } else {
        reject(error);
      }
    });
  });
}

describe("an upgrade", () => {
  it.each([
    ["a dashboard", HOME, {}],
    ["what a dashboard would call its socket", `${HOME}_dash-ws-callback`, {}],
    ["a dashboard's file", "/dash/risk/assets/kyros.js", {}],
    ["a page", "/tenants", {}],
    ["no page at all", "/%zz", {}],
    ["where development has its hot reload", "/_next/hmr", {}],
    ["a dashboard, by somebody with a cookie", HOME, { more: ["Cookie: kyros_session=1~x"] }],
    ["a dashboard, from another origin", HOME, { more: ["Origin: http://evil.test"] }],
    ["a dashboard, to another protocol", HOME, { upgrade: "h2c" }],
    ["a dashboard, by a post with a body", HOME, { method: "POST", more: ["Content-Length: 4", "", "body"] }],
  ])("to %s is refused in words, closed, and goes no further", async (_, target, asked) => {
    const said = await heardBy(wish(target, asked));
    const [head = "", body = ""] = said.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(head.toLowerCase()).toContain("connection: close");
    expect(head.toLowerCase()).toContain("x-content-type-options: nosniff");
    expect((JSON.parse(body) as { error: { code: string } }).error.code).toBe("UPGRADE_REFUSED");
    expect(reached).toEqual([]);
  });

  it("leaves no connection behind, though the other side keeps its half", async () => {
    const before = await connections(shell.server);
    const socket = wish(HOME);
    socket.resume();
    await once(socket, "end");
    await vi.waitFor(async () => {
      expect(await connections(shell.server)).toBe(before);
    }, PATIENCE);
    socket.destroy();
  });

  it("that is broken off harms nobody, and others are answered as before", async () => {
    for (const target of [HOME, "/tenants"]) {
      const socket = wish(target);
      await once(socket, "connect");
      socket.resetAndDestroy();
    }
    expect((await ask(shell.port, "/tenants")).text).toBe("next");
    expect((await ask(shell.port, HOME)).text).toBe("figures");
  });

  it("goes on to the hot reload in development, and there alone", () => {
    const hotReload = vi.fn();
    const listener = refuseUpgrades([hotReload]);
    const socket = { on: vi.fn(), destroyed: true } as unknown as Socket;
    const asks = (url: string) => ({ url, headers: {} }) as unknown as IncomingMessage;
    listener(asks("/_next/hmr?id=1"), socket, Buffer.alloc(0));
    listener(asks(HOME), socket, Buffer.alloc(0));
    expect(hotReload).toHaveBeenCalledOnce();
  });
});

describe("a connection that cannot be used", () => {
  it("does not lead through to another host", async () => {
    const said = await heardBy(wish("evil.test:443", { method: "CONNECT" }));
    expect(said).toBe("");
    expect(reached).toEqual([]);
  });

  it("is closed after what cannot be read, though the other side keeps its half", async () => {
    const before = await connections(shell.server);
    const socket = connect({ port: shell.port, host: "127.0.0.1", allowHalfOpen: true });
    socket.resume().write("NONSENSE\r\n\r\n");
    await once(socket, "end");
    await vi.waitFor(async () => {
      expect(await connections(shell.server)).toBe(before);
    }, PATIENCE);
    socket.destroy();
  });
});
