import type { RequestListener } from "node:http";

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { env } from "@/lib/server/env";
import { frontOf } from "@/lib/server/front";

import { ask, serve, type Stage } from "./stage";

vi.mock("@/lib/server/log");
vi.mock("@/lib/server/env", () => import("./settings"));
vi.mock("@/lib/server/dash/sessions", () => import("./member"));
vi.mock("@/lib/server/dash/confirm", () => import("./member"));
vi.mock("@/lib/server/access", () => import("./member"));

const FOR_GOOD = "public, max-age=31536000, immutable";
let dashboard: Stage;
let shell: Stage;
let answerAs: RequestListener;
let asked = 0;
let fresh = 0;

beforeAll(async () => {
  dashboard = await serve((request, response) => {
    asked += 1;
    answerAs(request, response);
  });
  shell = await serve(frontOf([]));
  (env().dashboardUrls as Map<string, string>).set("risk", dashboard.url);
});

beforeEach(() => {
  asked = 0;
  answerAs = fileWith({ "cache-control": FOR_GOOD, vary: "Accept-Encoding", etag: '"1"' });
});

afterAll(async () => {
  await Promise.all([shell.close(), dashboard.close()]);
});

function fileWith(headers: Record<string, string>, body = "content", status = 200): RequestListener {
  return (_, response) => {
    response.writeHead(status, { "content-length": String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  };
}

/** The address of a file that nobody has asked for yet. */
function newFile(): string {
  fresh += 1;
  return `/dash/risk/assets/file-${String(fresh)}.js?m=1`;
}

async function timesAsked(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<number> {
  await ask(shell.port, path, { headers, method });
  await ask(shell.port, path, { headers, method });
  return asked;
}

describe("a file that stays for good", () => {
  it("is asked of its dashboard once, and is the same for whoever comes next", async () => {
    const path = newFile();
    const [first, second] = [await ask(shell.port, path), await ask(shell.port, path)];
    expect(asked).toBe(1);
    expect(second.text).toBe("content");
    expect(second.status).toBe(200);
    const steady = ["cache-control", "content-length", "content-security-policy", "etag", "vary", "x-content-type-options"];
    for (const name of steady) {
      expect(second.headers[name], name).toBe(first.headers[name]);
      expect(second.headers[name], name).toBeDefined();
    }
    expect(second.headers["x-request-id"]).not.toBe(first.headers["x-request-id"]);
  });

  it("is kept by what encodings the browser takes", async () => {
    const path = newFile();
    answerAs = (request, response) => {
      fileWith({ "cache-control": FOR_GOOD }, String(request.headers["accept-encoding"]))(request, response);
    };
    const texts = [];
    for (const encoding of ["gzip", "br", "gzip"]) {
      texts.push((await ask(shell.port, path, { headers: { "accept-encoding": encoding } })).text);
    }
    expect(texts).toEqual(["gzip", "br", "gzip"]);
    expect(asked).toBe(2);
  });

  it("is another one under another address", async () => {
    const path = newFile();
    await ask(shell.port, path);
    await ask(shell.port, `${path}2`);
    expect(asked).toBe(2);
  });

  it.each([{ range: "bytes=0-1" }, { "if-none-match": '"1"' }, { "if-modified-since": "Sun, 22 Nov 2026 00:00:00 GMT" }])(
    "is asked for anew by a condition: %o",
    async (condition) => {
      expect(await timesAsked(newFile(), condition as Record<string, string>)).toBe(2);
    },
  );

  it("is asked for anew by HEAD", async () => {
    expect(await timesAsked(newFile(), {}, "HEAD")).toBe(2);
  });

  it("is not kept when its dashboard broke off", async () => {
    const path = newFile();
    answerAs = (_, response) => {
      response.writeHead(200, { "cache-control": FOR_GOOD, "content-length": "100" });
      response.write("half", () => response.destroy());
    };
    await expect(ask(shell.port, path)).rejects.toThrow(/aborted|hang up|reset/i);
    answerAs = fileWith({ "cache-control": FOR_GOOD });
    expect((await ask(shell.port, path)).text).toBe("content");
  });
});

describe("not kept is", () => {
  it.each([
    ["what may change", { "cache-control": "no-cache" }],
    ["what is not for everybody", { "cache-control": "private, immutable" }],
    ["what depends on who asks", { "cache-control": FOR_GOOD, vary: "Accept-Encoding, Cookie" }],
  ])("%s", async (_, headers) => {
    answerAs = fileWith(headers);
    expect(await timesAsked(newFile())).toBe(2);
  });

  it("what is not there", async () => {
    answerAs = fileWith({ "cache-control": FOR_GOOD }, "nothing", 404);
    expect(await timesAsked(newFile())).toBe(2);
  });

  it("what says not how long it is", async () => {
    answerAs = (_, response) => {
      response.writeHead(200, { "cache-control": FOR_GOOD });
      response.end("content");
    };
    expect(await timesAsked(newFile())).toBe(2);
  });

  it("what is very long", async () => {
    answerAs = fileWith({ "cache-control": FOR_GOOD }, "x".repeat((4 << 20) + 1));
    expect(await timesAsked(newFile())).toBe(2);
  });
});

describe("what is kept", () => {
  it("has an end: the least used goes", async () => {
    answerAs = fileWith({ "cache-control": FOR_GOOD }, "x".repeat(3 << 20));
    const path = newFile();
    await ask(shell.port, path);
    for (let turn = 0; turn < 11; turn += 1) {
      await ask(shell.port, newFile());
    }
    expect(asked).toBe(12);
    await ask(shell.port, path);
    expect(asked).toBe(13);
  });
});
