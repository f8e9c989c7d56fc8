import { describe, expect, it } from "vitest";

import { requestHeaders, responseHeaders, rewriteLocation } from "@/lib/server/dash/headers";

describe("requestHeaders", () => {
  it("passes on what a dashboard needs and nothing that identifies the session", () => {
    const sent = requestHeaders(
      new Headers({
        accept: "application/json",
        authorization: "Bearer forged",
        connection: "keep-alive",
        "content-type": "application/json",
        cookie: "kyros_session=x",
        host: "kyros.example",
        "x-forwarded-prefix": "/elsewhere/",
        "x-tenant-id": "beta",
      }),
    );
    expect(sent).toEqual({
      accept: "application/json",
      "accept-encoding": "identity",
      "content-type": "application/json",
    });
  });
});

describe("responseHeaders", () => {
  it("drops cookies, challenges and what tells of the server", () => {
    const kept = responseHeaders({
      "cache-control": "no-store",
      "content-type": "text/html",
      connection: "close",
      server: "uvicorn",
      "set-cookie": ["a=b"],
      "www-authenticate": "Bearer",
    });
    expect([...kept.keys()].sort()).toEqual(["cache-control", "content-security-policy", "content-type"]);
  });

  it("forbids embedding by other sites when the dashboard says nothing about it", () => {
    expect(responseHeaders({}).get("content-security-policy")).toBe("frame-ancestors 'self'");
    expect(responseHeaders({ "content-security-policy": "default-src 'self'" }).get("content-security-policy")).toBe(
      "default-src 'self', frame-ancestors 'self'",
    );
  });

  it("leaves the dashboard's own rule for embedding alone", () => {
    const policy = "default-src 'self'; frame-ancestors 'none'";
    expect(responseHeaders({ "content-security-policy": policy }).get("content-security-policy")).toBe(policy);
  });
});

describe("rewriteLocation", () => {
  const from = "/dash/risk/";
  const to = "/tenant/acme/dash/risk/";

  it.each([
    ["/dash/risk/there?x=1", "/tenant/acme/dash/risk/there?x=1"],
    ["/tenant/acme/dash/risk/there", "/tenant/acme/dash/risk/there"],
    ["there", "/tenant/acme/dash/risk/there"],
  ])("leads %o to %o", (location, expected) => {
    expect(rewriteLocation(location, from, to)).toBe(expected);
  });

  it.each(["http://evil.example/dash/risk/", "//evil.example/dash/risk/", "/dash/other/", "../other", "/", "http://"])(
    "does not follow %o",
    (location) => {
      expect(rewriteLocation(location, from, to)).toBeNull();
    },
  );
});
