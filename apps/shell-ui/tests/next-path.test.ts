import { describe, expect, it } from "vitest";

import { safeNextPath, signInPath } from "@/lib/server/sign-in/next-path";

describe("safeNextPath", () => {
  it.each(["/tenants", "/tenant/acme-corp", "/tenant/acme-corp/dashboard/risk-analysis?segment=purpose&segment=age"])(
    "leads on to %o",
    (path) => {
      expect(safeNextPath(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    null,
    ["/tenants"],
    "",
    "tenants",
    "http://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/..//evil.example",
    "/a\nb",
    "javascript:alert(1)",
    "/sign-in",
    "/sign-in?next=/sign-in",
    "/auth/sign-out",
    "/dash/risk/assets/x",
    "/tenant/acme-corp/dash/risk-analysis/",
    "/_next/x",
  ])("does not lead to %o", (path) => {
    expect(safeNextPath(path)).toBeNull();
  });
});

describe("signInPath", () => {
  it("carries a good path, encoded, and drops a bad one", () => {
    expect(signInPath("/tenant/a?x=1&y=2")).toBe("/sign-in?next=%2Ftenant%2Fa%3Fx%3D1%26y%3D2");
    expect(signInPath("//evil.example")).toBe("/sign-in");
    expect(signInPath("/")).toBe("/sign-in");
    expect(signInPath(null)).toBe("/sign-in");
  });
});
