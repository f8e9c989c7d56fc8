import { SignJWT } from "jose";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { actionName } from "@/lib/action-name";
import { formatCountdown } from "@/lib/countdown";
import { me } from "@/lib/server/api";
import { rememberCall, rememberedCalls, type CallRecord } from "@/lib/server/api/calls";
import { claimsOf } from "@/lib/server/inspector/claims";

vi.mock("@/lib/server/env", () => ({ env: () => ({ apiUrl: "http://api.test" }) }));
vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

const key = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
let people = 0;

async function token(claims: Record<string, unknown> = {}): Promise<string> {
  people += 1;
  return await new SignJWT({ sub: `person-${String(people)}`, iat: 1_700_000_000, exp: 1_700_003_600, ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .sign(key);
}

function call(requestId: string): CallRecord {
  return { at: 0, method: "GET", route: "/api/me", status: 200, durationMs: 1, requestId };
}

beforeEach(() => {
  vi.clearAllMocks();
});

describe("claimsOf", () => {
  it("says what a token says, with the moments as such", async () => {
    const { algorithm, claims, issuedAt, expiresAt } = claimsOf(await token({ sub: "u1", tenant_ids: ["a", "b"], extra: 7 }));
    expect([algorithm, issuedAt, expiresAt]).toEqual(["HS256", 1_700_000_000_000, 1_700_003_600_000]);
    expect(claims.map(({ name, values }) => [name, values])).toEqual([
      ["sub", ["u1"]],
      ["iat", ["2023-11-14T22:13:20.000Z"]],
      ["exp", ["2023-11-14T23:13:20.000Z"]],
      ["tenant_ids", ["a", "b"]],
      ["extra", ["7"]],
    ]);
  });

  it("holds no part of the token", async () => {
    const encoded = await token();
    const said = JSON.stringify(claimsOf(encoded));
    for (const part of encoded.split(".")) {
      expect(said).not.toContain(part);
    }
  });
});

describe("remembered calls", () => {
  it("keeps the last ones of each person, newest first", async () => {
    const [ann, ben] = [await token(), await token()];
    for (let number = 0; number < 40; number += 1) {
      rememberCall(ann, call(String(number)));
    }
    rememberCall(ben, call("ben"));
    expect(rememberedCalls(ann).map(({ requestId }) => requestId)).toEqual(
      Array.from({ length: 30 }, (_, index) => String(39 - index)),
    );
    expect(rememberedCalls(ben)).toHaveLength(1);
  });

  it("does not grow with the number of people", async () => {
    const first = await token();
    rememberCall(first, call("first"));
    const others = await Promise.all(Array.from({ length: 1000 }, () => token()));
    for (const other of others) {
      rememberCall(other, call("other"));
    }
    expect(rememberedCalls(first)).toEqual([]);
  });

  it("keeps nothing for what is no token", () => {
    rememberCall("nonsense", call("x"));
    expect(rememberedCalls("nonsense")).toEqual([]);
  });

  it("remembers what the client asked and was answered, without query and token", async () => {
    const person = await token();
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json({}, { status: 403 })));
    await expect(me(person, "req-1")).rejects.toThrow();
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
    await expect(me(person, "req-2")).rejects.toThrow();
    const [later, earlier] = rememberedCalls(person);
    expect(later).toMatchObject({ requestId: "req-2", status: null });
    expect(earlier).toMatchObject({ requestId: "req-1", status: 403, method: "GET", route: "/api/me" });
    expect(JSON.stringify([later, earlier])).not.toContain(person.split(".")[2]);
  });
});

describe("formatCountdown", () => {
  it.each([
    [3600, "1:00:00"],
    [1781.9, "29:41"],
    [59, "0:59"],
    [0, "0:00"],
    [-5, "0:00"],
  ])("writes %d seconds as %s", (seconds, text) => {
    expect(formatCountdown(seconds)).toBe(text);
  });
});

describe("actionName", () => {
  it.each([
    ["auth.sign_in", "Sign in"],
    ["admin.role.grant", "Role grant, by the operator"],
    ["something.new", "Something new"],
  ])("names %s", (action, name) => {
    expect(actionName(action)).toBe(name);
  });
});
