import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import { PassThrough } from "node:stream";

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { LIMITS } from "@/lib/server/dash/upstream";
import { env } from "@/lib/server/env";
import { frontOf } from "@/lib/server/front";

import { ask, serve, type Stage } from "./stage";

vi.mock("@/lib/server/log");
vi.mock("@/lib/server/env", () => import("./settings"));
vi.mock("@/lib/server/dash/sessions", () => import("./member"));
vi.mock("@/lib/server/dash/confirm", () => import("./member"));
vi.mock("@/lib/server/access", () => import("./member"));

const HOME = "/tenant/acme/dash/risk/";
const POST = { "sec-fetch-site": "same-origin", "transfer-encoding": "chunked" };
const usual = { ...LIMITS };
let dashboard: Stage;
let shell: Stage;
let answerAs: RequestListener;

beforeAll(async () => {
  dashboard = await serve((request, response) => {
    answerAs(request, response);
  });
  shell = await serve(frontOf([]));
  (env().dashboardUrls as Map<string, string>).set("risk", dashboard.url);
});

afterEach(() => {
  Object.assign(LIMITS, usual);
});

afterAll(async () => {
  await Promise.all([shell.close(), dashboard.close()]);
});

function open(method: string, headers: Record<string, string> = {}) {
  return httpRequest({ host: "127.0.0.1", port: shell.port, path: HOME, method, headers, agent: false });
}

async function answerTo(outgoing: ReturnType<typeof open>): Promise<IncomingMessage> {
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return answer;
}

describe("an answer", () => {
  it("is passed on part by part, not when it is whole", async () => {
    const source = new PassThrough();
    answerAs = (_, response) => source.pipe(response);
    const outgoing = open("GET");
    outgoing.end();
    source.write("first");
    const parts = (await answerTo(outgoing)).iterator() as AsyncIterator<Buffer>;
    expect(String((await parts.next()).value)).toBe("first");
    source.end("second");
    expect(String((await parts.next()).value)).toBe("second");
  });

  it("that breaks off does not look whole", async () => {
    answerAs = (_, response) => {
      response.write("half", () => response.destroy());
    };
    await expect(ask(shell.port, HOME)).rejects.toThrow(/aborted|hang up|reset/i);
  });

  it("that nobody waits for any more is called off at the dashboard", async () => {
    const left = new Promise<void>((resolve) => {
      answerAs = (_, response) => {
        response.write("a beginning");
        response.once("close", resolve);
      };
    });
    const outgoing = open("GET");
    outgoing.end();
    (await answerTo(outgoing)).destroy();
    await left;
  });

  it("that does not begin in time is given up, with a page that tries again", async () => {
    Object.assign(LIMITS, { firstByte: 50 });
    answerAs = () => undefined;
    const answer = await ask(shell.port, HOME, { headers: { accept: "text/html" } });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([504, "2"]);
    expect(answer.text).toContain("takes too long");
  });

  it("that falls silent half-way is broken off", async () => {
    Object.assign(LIMITS, { silence: 50 });
    answerAs = (_, response) => {
      response.write("half");
    };
    await expect(ask(shell.port, HOME)).rejects.toThrow(/aborted|hang up|reset/i);
  });

  it("that is slow, but never silent for long, comes whole", async () => {
    Object.assign(LIMITS, { firstByte: 1_000, silence: 1_000 });
    answerAs = (_, response) => {
      let sent = 0;
      const timer = setInterval(() => {
        sent += 1;
        response.write("part ");
        if (sent === 6) {
          clearInterval(timer);
          response.end();
        }
      }, 250);
    };
    expect((await ask(shell.port, HOME)).text).toBe("part ".repeat(6));
  });
});

describe("a question", () => {
  it("is passed on part by part, not when it is whole", async () => {
    let arrived = "";
    answerAs = (request, response) => {
      request.on("data", (part: Buffer) => (arrived += part.toString()));
      request.on("end", () => response.end(arrived));
    };
    const outgoing = open("POST", POST);
    outgoing.write("first ");
    await vi.waitFor(() => {
      expect(arrived).toBe("first ");
    });
    outgoing.end("second");
    expect(String(Buffer.concat((await (await answerTo(outgoing)).toArray()) as Buffer[]))).toBe("first second");
  });

  it("too large to be kept is sent once, and not half a second time", async () => {
    let asked = 0;
    answerAs = (request, response) => {
      asked += 1;
      request.resume().on("end", () => response.writeHead(401).end());
    };
    const body = "x".repeat(300 * 1024);
    const headers = { "sec-fetch-site": "same-origin", "content-length": String(body.length) };
    expect((await ask(shell.port, HOME, { method: "POST", headers, body })).status).toBe(502);
    expect(asked).toBe(1);
  });

  it("that is no POST has no body for the dashboard to wait for", async () => {
    let length: string | undefined = "";
    answerAs = (request, response) => {
      length = request.headers["content-length"];
      response.end("figures");
    };
    expect((await ask(shell.port, HOME, { headers: { "content-length": "4" }, body: "body" })).text).toBe("figures");
    expect(length).toBeUndefined();
  });

  it("asked again on a connection that the dashboard has just closed goes by a new one", async () => {
    let asked = 0;
    answerAs = (request, response) => {
      asked += 1;
      if (asked === 2) {
        request.socket.destroy();
      } else {
        response.end("figures");
      }
    };
    expect((await ask(shell.port, HOME)).text).toBe("figures");
    expect((await ask(shell.port, HOME)).text).toBe("figures");
    expect(asked).toBe(3);
  });
});
