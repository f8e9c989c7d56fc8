import { describe, expect, it } from "vitest";

import { isSlug, isStaticPath, pathBelow } from "@/lib/server/dash/path";

const PREFIX = "/tenant/acme-corp/dash/risk-analysis/";

describe("pathBelow", () => {
  it.each(["", "_dash-layout", "_dash-component-suites/dash/dcc/async-graph.js", "assets/a%20b.css", "a/b/"])(
    "passes %o as it was sent",
    (rest) => {
      expect(pathBelow(`${PREFIX}${rest}`, PREFIX)).toBe(rest);
    },
  );

  it.each([
    "..",
    "../x",
    "a/../../x",
    "./x",
    "%2e%2e/x",
    ".%2E/x",
    "..%2fx",
    "a%2Fb",
    "a%5cb",
    "a\\b",
    "/x",
    "a//b",
    "a%00b",
    "a%0d%0aSet-Cookie:x",
    "%7f",
    "%252e%252e/x",
    "%25",
    "%",
    "%zz",
    "%c3%28",
  ])("refuses %o", (rest) => {
    expect(pathBelow(`${PREFIX}${rest}`, PREFIX)).toBeNull();
  });

  it("refuses a path of another tenant or dashboard", () => {
    expect(pathBelow("/tenant/beta-ind/dash/risk-analysis/x", PREFIX)).toBeNull();
    expect(pathBelow("/tenant/acme-corp/dash/risk-analysis-two/x", PREFIX)).toBeNull();
  });
});

describe("isSlug", () => {
  it.each(["acme-corp", "a", "x1"])("takes %o", (slug) => {
    expect(isSlug(slug)).toBe(true);
  });

  it.each(["", "-a", "a-", "A", "a/b", "..", "a.b", "a b", "a%20", "a".repeat(65)])("refuses %o", (slug) => {
    expect(isSlug(slug)).toBe(false);
  });
});

describe("isStaticPath", () => {
  it.each(["_dash-component-suites/dash/deps/react.js", "assets/kyros.css", "_favicon.ico"])("takes %o", (path) => {
    expect(isStaticPath(path)).toBe(true);
  });

  it.each(["", "_dash-layout", "_dash-dependencies", "_dash-update-component", "assets/", "assets", "x/assets/a", "_favicon.icon"])(
    "refuses %o",
    (path) => {
      expect(isStaticPath(path)).toBe(false);
    },
  );
});
