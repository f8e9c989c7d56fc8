import { describe, expect, it } from "vitest";

import { contrast, readableOn } from "@/lib/colour";
import { embedPath } from "@/lib/embed-path";
import { initials } from "@/lib/initials";

describe("readableOn", () => {
  it.each(["#0052cc", "#ff5722", "#ffffff", "#000000", "#777777", "#FFEB3B"])("is legible on %s", (background) => {
    expect(contrast(readableOn(background), background)).toBeGreaterThanOrEqual(4.5);
  });

  it("knows the extremes", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#123456", "#123456")).toBe(1);
  });
});

describe("initials", () => {
  it.each([
    ["Acme Corporation", "AC"],
    ["Beta Industries", "BI"],
    ["kyros", "KY"],
    ["Müller & Söhne GmbH", "MS"],
    ["  3M  ", "3M"],
    ["", ""],
  ])("of %o are %o", (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});

describe("embedPath", () => {
  it("carries the page's filters into the frame", () => {
    expect(embedPath("acme", "risk", {})).toBe("/tenant/acme/dash/risk/");
    expect(embedPath("acme", "risk", { by: ["age", "purpose"], q: "a&b", none: undefined })).toBe(
      "/tenant/acme/dash/risk/?by=age&by=purpose&q=a%26b",
    );
  });
});
