import { describe, expect, it } from "vitest";

import { requestHeaders, responseHeaders, rewriteLocation } from "@/lib/server/dash/headers";

const asked = {
  accept: "application/json",
  "accept-encoding": "gzip",
  authorization: "Bearer forged",
  connection: "keep-alive",
  "content-length": "2",
  "content-type": "application/json",
  cookie: "kyros_session=x",
  host: "kyros.example",
  "x-forwarded-prefix": "/elsewhere/",
  "x-tenant-id": "beta",
};

describe("requestHeaders", () => {
  it("passes on what a dashboard needs and nothing that identifies the session", () => {
    expect(requestHeaders(asked, true)).toEqual({
      accept: "application/json",
      "accept-encoding": "gzip",
      "content-length": "2",
      "content-type": "application/json",
    });
  });

  it("announces no body where none is sent on", () => {
    expect(requestHeaders(asked, false)).toEqual({ accept: "application/json", "accept-encoding": "gzip" });
  });
});

describe("responseHeaders", () => {
  it("drops cookies, challenges and what tells of the server", () => {
    const kept = responseHeaders({
      "cache-control": "public",
      "content-encoding": "gzip",
      "content-type": "text/html",
      connection: "close",
      "keep-alive": "timeout=5",
      server: "uvicorn",
      "service-worker-allowed": "/",
      "set-cookie": ["a=b"],
      "transfer-encoding": "chunked",
      "www-authenticate": "Bearer",
    });
    expect(Object.keys(kept).sort()).toEqual([
      "cache-control",
      "content-encoding",
      "content-security-policy",
      "content-type",
    ]);
  });

  it("keeps nothing in a cache when the dashboard says nothing about it", () => {
    expect(responseHeaders({})["cache-control"]).toBe("no-store");
  });

  it("forbids embedding by other sites when the dashboard says nothing about it", () => {
    expect(responseHeaders({})["content-security-policy"]).toBe("frame-ancestors 'self'");
    expect(responseHeaders({ "content-security-policy": "default-src 'self'" })["content-security-policy"]).toBe(
      "default-src 'self', frame-ancestors 'self'",
    );
  });

  it("leaves the dashboard's own rule for embedding alone", () => {
    const policy = "default-src 'self'; frame-ancestors 'none'";
    expect(responseHeaders({ "content-security-policy": policy })["content-security-policy"]).toBe(policy);
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
