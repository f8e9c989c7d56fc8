import { describe, expect, it } from "vitest";

import { contrast, readableOn } from "@/lib/colour";
import { readEmbedMessage } from "@/lib/embed-messages";
import { embedPath, outerAddress } from "@/lib/embed-path";
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
    expect(embedPath("acme", "risk", "", null)).toBe("/tenant/acme/dash/risk/");
    expect(embedPath("acme", "risk", "by=age&by=purpose&q=a%26b", null)).toBe(
      "/tenant/acme/dash/risk/?by=age&by=purpose&q=a%26b",
    );
  });

  it("hands on the theme that was chosen, and none that a link asks for", () => {
    expect(embedPath("acme", "risk", "theme=dark&by=age", null)).toBe("/tenant/acme/dash/risk/?by=age");
    expect(embedPath("acme", "risk", "theme=dark", "light")).toBe("/tenant/acme/dash/risk/?theme=light");
  });
});

describe("outerAddress", () => {
  it("is the same path with the dashboard's filters, and without the theme", () => {
    expect(outerAddress("/tenant/acme/dashboard/risk", "tab=loss&theme=dark")).toBe("/tenant/acme/dashboard/risk?tab=loss");
    expect(outerAddress("/tenant/acme/dashboard/risk", "")).toBe("/tenant/acme/dashboard/risk");
  });

  it("cannot be led to another path", () => {
    expect(outerAddress("/a", "x#/../../evil?y")).toBe("/a?x%23%2F..%2F..%2Fevil%3Fy=");
  });
});

describe("readEmbedMessage", () => {
  it("knows what a dashboard says", () => {
    expect(readEmbedMessage({ type: "kyros:ready" })).toEqual({ type: "kyros:ready" });
    expect(readEmbedMessage({ type: "kyros:url", search: "tab=a" })).toEqual({
      type: "kyros:url",
      search: "tab=a",
      replace: false,
    });
    expect(readEmbedMessage({ type: "kyros:url", search: "", replace: true })?.type).toBe("kyros:url");
  });

  it.each([null, "kyros:ready", 1, {}, { type: "other" }, { type: "kyros:url" }, { type: "kyros:url", search: 5 }, { type: "kyros:url", search: "x".repeat(5000) }])(
    "hears nothing in %o",
    (data) => {
      expect(readEmbedMessage(data)).toBeNull();
    },
  );
});
