import { beforeEach, describe, expect, it, vi } from "vitest";

import { openFlash, sealFlash } from "@/lib/server/flash";
import { openSession, sealSession, startSession } from "@/lib/server/session";

vi.mock("@/lib/server/env", () => ({ env: () => ({ sessionSecret: secret }) }));

let secret = "";

beforeEach(() => {
  secret = "a".repeat(40);
});

describe("session cookie", () => {
  it("opens to what was sealed", async () => {
    const session = startSession("a@acme.com", "user-token", 3600);
    expect(await openSession(await sealSession(session))).toEqual(session);
  });

  it("does not show the token to whoever has the cookie", async () => {
    const sealed = await sealSession(startSession("a@acme.com", "user-token", 3600));
    const readable = sealed.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
    expect(readable.join()).not.toMatch(/user-token|acme/);
  });

  it("is void when any part of it was changed", async () => {
    const parts = (await sealSession(startSession("a@acme.com", "user-token", 3600))).split(".");
    for (const index of [0, 2, 3, 4]) {
      const changed = parts.map((part, i) => (i === index ? `${part.startsWith("A") ? "B" : "A"}${part.slice(1)}` : part));
      expect(await openSession(changed.join("."))).toBeNull();
    }
  });

  it("is void after its end", async () => {
    expect(await openSession(await sealSession(startSession("a@acme.com", "user-token", -1)))).toBeNull();
  });

  it("is void under another key", async () => {
    const sealed = await sealSession(startSession("a@acme.com", "user-token", 3600));
    secret = "b".repeat(40);
    expect(await openSession(sealed)).toBeNull();
  });

  it("is not replaced by something sealed for another purpose", async () => {
    const sealed = await sealSession(startSession("a@acme.com", "user-token", 3600));
    expect(await openFlash(sealed)).toBeNull();
    expect(await openSession(await sealFlash({ problem: "user-unknown", email: "a@acme.com" }))).toBeNull();
  });

  it.each([undefined, "", "x", "a.b.c.d.e", "eyJhbGciOiJub25lIn0..", "é".repeat(50), "x".repeat(100_000)])(
    "is void when it is nothing of ours (%#)",
    async (value) => {
      expect(await openSession(value)).toBeNull();
    },
  );
});
