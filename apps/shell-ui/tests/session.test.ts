import { randomUUID } from "node:crypto";

import { SignJWT } from "jose";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { SessionTooLargeError } from "@/lib/server/session/chunks";
import { endSession } from "@/lib/server/session/ended";
import { noSessionCookies, openSession, readSession, sessionCookies, startSession, type Session } from "@/lib/server/session/session";
import { flashOf, openFlash, sealFlash } from "@/lib/server/sign-in/flash";

vi.mock("@/lib/server/env", () => ({ env: () => ({ sessionSecret: secret, previousSessionSecret: previous }) }));

let secret = "";
let previous: string | null = null;

beforeEach(() => {
  secret = "a".repeat(40);
  previous = null;
});

type Cookies = Record<string, string>;

function jar(cookies: Cookies) {
  return { get: (name: string) => (name in cookies ? { value: cookies[name] ?? "" } : undefined) };
}

async function cookiesOf(session: Session, before: Cookies = {}): Promise<Cookies> {
  const set = await sessionCookies(session, jar(before), false);
  return Object.fromEntries(set.filter(({ maxAge }) => maxAge > 0).map(({ name, value }) => [name, value]));
}

function session(lifetimeSeconds = 3600): Session {
  return startSession("a@acme.com", "user-token", lifetimeSeconds);
}

/** A session with a token as the API makes it. */
async function sessionFor(tenants: number): Promise<Session> {
  const token = await new SignJWT({ email: "a@acme.com", tenant_ids: Array.from({ length: tenants }, () => randomUUID()) })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(randomUUID())
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(new Uint8Array(32));
  return startSession("a@acme.com", token, 3600);
}

describe("session cookies", () => {
  it("open to what was sealed", async () => {
    const made = session();
    expect(await openSession(jar(await cookiesOf(made)))).toEqual(made);
  });

  it("open after the keys were rotated once, and not after twice", async () => {
    const made = session();
    const cookies = await cookiesOf(made);
    previous = secret;
    secret = "b".repeat(40);
    expect(await openSession(jar(cookies))).toEqual(made);
    previous = secret;
    secret = "c".repeat(40);
    expect(await openSession(jar(cookies))).toBeNull();
  });

  it("are out of reach for scripts and other sites", async () => {
    const [first] = await sessionCookies(session(), jar({}), true);
    expect(first).toMatchObject({ name: "kyros_session", path: "/", httpOnly: true, sameSite: "lax", secure: true });
  });

  it("do not show the token to whoever has them", async () => {
    const { kyros_session = "" } = await cookiesOf(session());
    const readable = kyros_session.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
    expect(readable.join()).not.toMatch(/user-token|acme/);
  });

  it("are void when any part of them was changed", async () => {
    const parts = ((await cookiesOf(session())).kyros_session ?? "").slice(2).split(".");
    for (const index of [0, 2, 3, 4]) {
      const changed = parts.map((part, i) => (i === index ? `${part.startsWith("A") ? "B" : "A"}${part.slice(1)}` : part));
      expect(await openSession(jar({ kyros_session: `1~${changed.join(".")}` }))).toBeNull();
    }
  });

  it("are void under another key", async () => {
    const cookies = await cookiesOf(session());
    secret = "b".repeat(40);
    expect(await openSession(jar(cookies))).toBeNull();
  });

  it("are not replaced by something sealed for another purpose", async () => {
    const flash = await sealFlash(flashOf({ notice: "throttled", email: "a@acme.com" }));
    expect(await openSession(jar({ kyros_session: `1~${flash}` }))).toBeNull();
    expect(await openFlash((await cookiesOf(session())).kyros_session?.slice(2) ?? "")).toBeNull();
  });

  it.each(["x", "1~", "1~x", "2~x", "9~x", "0~x", "1~a.b.c.d.e", "1~eyJhbGciOiJub25lIn0..", `1~${"é".repeat(50)}`])(
    "are void when they are nothing of ours: %o",
    async (value) => {
      expect(await readSession(jar({ kyros_session: value }))).toEqual({ kind: "over", email: null });
    },
  );

  it("are void when they are too long to be ours, without being decrypted", async () => {
    expect(await openSession(jar({ kyros_session: `1~${"x".repeat(100_000)}` }))).toBeNull();
  });
});

describe("the end of a session", () => {
  it("is told from never having been signed in, and whose it was", async () => {
    expect(await readSession(jar({}))).toEqual({ kind: "none" });
    const cookies = await cookiesOf(session(-1));
    expect(await readSession(jar(cookies))).toEqual({ kind: "over", email: "a@acme.com" });
    expect(await openSession(jar(cookies))).toBeNull();
  });

  it("comes with sign-out, also for a copy of the cookie", async () => {
    const made = session();
    const cookies = await cookiesOf(made);
    endSession(made.id, made.expiresAt);
    expect(await openSession(jar(cookies))).toBeNull();
    expect(await openSession(jar(await cookiesOf(session())))).not.toBeNull();
  });
});

describe("a session for many tenants", () => {
  it("fits with 200 tenants into cookies that leave room in a request", async () => {
    const made = await sessionFor(200);
    const cookies = await cookiesOf(made);
    const lengths = Object.entries(cookies).map(([name, value]) => name.length + value.length);
    expect(Math.max(...lengths)).toBeLessThan(4096);
    expect(lengths.reduce((sum, length) => sum + length)).toBeLessThan(8000);
    expect(await openSession(jar(cookies))).toEqual(made);
  });

  it("is void when one of its cookies is missing, cut off or of another session", async () => {
    const cookies = await cookiesOf(await sessionFor(200));
    const other = await cookiesOf(await sessionFor(200));
    const { kyros_session = "", "kyros_session.1": second = "" } = cookies;
    for (const broken of ["", second.slice(0, -1), other["kyros_session.1"] ?? ""]) {
      expect(await openSession(jar({ kyros_session, "kyros_session.1": broken }))).toBeNull();
    }
  });

  it("leaves nothing behind when a smaller one follows, or none", async () => {
    const before = await cookiesOf(await sessionFor(200));
    const after = await sessionCookies(session(), jar(before), false);
    expect(after.map(({ name, maxAge }) => [name, maxAge > 0])).toEqual([
      ["kyros_session", true],
      ["kyros_session.1", false],
    ]);
    expect(await openSession(jar({ ...before, kyros_session: after[0]?.value ?? "" }))).not.toBeNull();
    expect(noSessionCookies(jar(before), false).map(({ name, maxAge }) => [name, maxAge])).toEqual([
      ["kyros_session", 0],
      ["kyros_session.1", 0],
    ]);
  });

  it("is refused when no request could carry it", async () => {
    await expect(cookiesOf(await sessionFor(1000))).rejects.toBeInstanceOf(SessionTooLargeError);
  });
});
