import { describe, expect, it } from "vitest";

import { formatMoment, formatNumber, parseZone, preferredTag, startOfDay } from "@/lib/locale";

describe("preferredTag", () => {
  it.each([
    ["de-CH,de;q=0.9,en;q=0.8", "de-CH"],
    ["en;q=0.2, fr-CA;q=0.9", "fr-CA"],
    ["xx-nonsense, pt-BR;q=0.5", "pt-BR"],
    ["en-US", "en-US"],
  ])("takes the best that can be formatted for of %s", (header, tag) => {
    expect(preferredTag(header)).toBe(tag);
  });

  it.each([null, "", "*", "de;q=0", ";;;,,,", "a".repeat(10_000), "de\u0000", "en-u-ca-../etc"])(
    "falls back for %o",
    (header) => {
      expect(preferredTag(header)).toBe("en-GB");
    },
  );
});

describe("parseZone", () => {
  it("knows the zones of the machine", () => {
    expect(parseZone("Europe/Berlin")).toBe("Europe/Berlin");
  });

  it.each([undefined, "", "Mars/Olympus", "../../etc/passwd", "Europe/Berlin\n", "x".repeat(100)])(
    "takes %o for none",
    (value) => {
      expect(parseZone(value)).toBeNull();
    },
  );
});

describe("formatting", () => {
  const moment = new Date("2026-11-05T23:04:09Z");

  it.each([
    ["de-DE", "Europe/Berlin", "06.11.2026, 00:04:09"],
    ["en-GB", "UTC", "05/11/2026, 23:04:09"],
    ["en-US", "America/New_York", "11/05/2026, 06:04:09 PM"],
  ])("writes a moment for %s in %s", (tag, zone, text) => {
    expect(formatMoment(moment, { tag, zone }).replace("\u202f", " ")).toBe(text);
  });

  it("writes a number as the person does", () => {
    expect(formatNumber(23570, { tag: "de-DE", zone: "UTC" })).toBe("23.570");
    expect(formatNumber(23570, { tag: "en-GB", zone: "UTC" })).toBe("23,570");
  });
});

describe("startOfDay", () => {
  it.each([
    ["2026-01-15", "UTC", "2026-01-15T00:00:00.000Z"],
    ["2026-01-15", "Asia/Kolkata", "2026-01-14T18:30:00.000Z"],
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
    ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
    ["2026-11-02", "America/New_York", "2026-11-02T05:00:00.000Z"],
  ])("finds where %s begins in %s", (day, zone, instant) => {
    expect(startOfDay(day, zone)?.toISOString()).toBe(instant);
  });

  it("goes on to a later day", () => {
    expect(startOfDay("2026-10-25", "Europe/Berlin", 1)?.toISOString()).toBe("2026-10-25T23:00:00.000Z");
  });

  it.each(["", "today", "2026-02-30", "2026-13-01", "2026-1-1", "99999-01-01"])("knows no day %o", (day) => {
    expect(startOfDay(day, "UTC")).toBeNull();
  });
});
