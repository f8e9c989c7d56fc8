import { describe, expect, it } from "vitest";

import { EnvError, readEnv } from "@/lib/server/env";

const SECRET = "5f1c0a9be2d74836a1f4e7093bd8c652";
const OLD = "0b7e55d1c9f24a68937fd1e2a4c8b630";
const GOOD = {
  API_URL: "http://api:8000/",
  DASHBOARD_URLS: "clv=http://clv:8050, risk=http://risk:8051/",
  SESSION_SECRET_KEY: SECRET,
};

function messageOf(source: Record<string, string | undefined>, readFile?: (path: string) => string): string {
  try {
    readEnv(source, readFile);
  } catch (error) {
    expect(error).toBeInstanceOf(EnvError);
    return (error as EnvError).message;
  }
  return "";
}

describe("readEnv", () => {
  it("returns the settings without slashes at the end of addresses", () => {
    const env = readEnv(GOOD);
    expect(env.apiUrl).toBe("http://api:8000");
    expect([...env.dashboardUrls]).toEqual([
      ["clv", "http://clv:8050"],
      ["risk", "http://risk:8051"],
    ]);
    expect(env.sessionSecret).toBe(SECRET);
  });

  it("reads the secret from its file when the plain variable is empty", () => {
    const source = { ...GOOD, SESSION_SECRET_KEY: "", SESSION_SECRET_KEY_FILE: "/run/secret" };
    expect(readEnv(source, () => `${SECRET}\n`).sessionSecret).toBe(SECRET);
  });

  it("prefers the plain variable over the file", () => {
    const source = { ...GOOD, SESSION_SECRET_KEY_FILE: "/run/secret" };
    expect(readEnv(source, () => OLD).sessionSecret).toBe(SECRET);
  });

  it("reads the key before this one from its file, which may be empty", () => {
    const source = { ...GOOD, SESSION_SECRET_KEY_PREVIOUS_FILE: "/run/previous" };
    expect(readEnv(source, () => `${OLD}\n`).previousSessionSecret).toBe(OLD);
    expect(readEnv(source, () => "").previousSessionSecret).toBeNull();
    expect(readEnv(GOOD).previousSessionSecret).toBeNull();
  });

  it.each([
    ["API_URL is missing", { ...GOOD, API_URL: undefined }],
    ['API_URL is not an http address: "api:8000"', { ...GOOD, API_URL: "api:8000" }],
    ["DASHBOARD_URLS is missing", { ...GOOD, DASHBOARD_URLS: " , " }],
    ['entry that is not slug=address: "risk"', { ...GOOD, DASHBOARD_URLS: "risk" }],
    ['entry that is not slug=address: "Risk=http://risk:8051"', { ...GOOD, DASHBOARD_URLS: "Risk=http://risk:8051" }],
    ["SESSION_SECRET_KEY is missing", { ...GOOD, SESSION_SECRET_KEY: undefined }],
    ['FORWARDED_ALLOW_IPS has an entry that is no address or network: "edge"', { ...GOOD, FORWARDED_ALLOW_IPS: "10.0.0.1, edge" }],
    ["SESSION_SECRET_KEY has only 5 characters", { ...GOOD, SESSION_SECRET_KEY: "short" }],
    ["SESSION_SECRET_KEY is a published value", { ...GOOD, SESSION_SECRET_KEY: "change-me-0123456789-abcdef-0123456789" }],
    ["SESSION_SECRET_KEY can be guessed", { ...GOOD, SESSION_SECRET_KEY: "ab".repeat(20) }],
    ["SESSION_SECRET_KEY_PREVIOUS has only 3 characters", { ...GOOD, SESSION_SECRET_KEY_PREVIOUS: "old" }],
  ])("says in one sentence: %s", (expected, source) => {
    const message = messageOf(source);
    expect(message).toContain(expected);
    expect(message).not.toContain("\n");
  });

  it("names the secret's file when it cannot be read", () => {
    const source = { ...GOOD, SESSION_SECRET_KEY: "", SESSION_SECRET_KEY_FILE: "/nowhere/at/all" };
    expect(messageOf(source)).toContain('cannot be read: "/nowhere/at/all"');
  });

  it("never repeats a secret in a message", () => {
    expect(messageOf({ ...GOOD, SESSION_SECRET_KEY: "hunter2" })).not.toContain("hunter2");
  });
});
