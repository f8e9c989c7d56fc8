import { describe, expect, it } from "vitest";

import { auditApiQuery, auditSearch, readAuditFilters } from "@/lib/server/audit/query";

const nothing = { search: "", outcome: null, from: null, to: null, page: 1, before: null };

describe("readAuditFilters", () => {
  it("reads what an address asks for", () => {
    const query = { q: " ann ", outcome: "denied", from: "2026-11-01", to: "2026-11-05", page: "3", before: "99" };
    expect(readAuditFilters(query)).toEqual({ ...query, q: undefined, search: "ann", page: 3, before: 99 });
  });

  it.each([
    {},
    { outcome: "perhaps", from: "yesterday", to: "2026-02-31", page: "-1", before: "1e9" },
    { page: "0", before: "99999999999999999999" },
    { outcome: ["x", "denied"], page: "1.5" },
    { page: "9".repeat(16) },
  ])("leaves out what makes no sense: %o", (query) => {
    expect(readAuditFilters(query)).toEqual(nothing);
  });

  it("asks the API for no more text than it takes", () => {
    expect(readAuditFilters({ q: "x".repeat(500) }).search).toHaveLength(100);
  });
});

describe("auditApiQuery", () => {
  it("asks for the first page of everything", () => {
    expect(auditApiQuery(nothing, "UTC")).toEqual({ limit: 50, offset: 0, search: "" });
  });

  it("turns days of the person's clock into moments, the last day whole", () => {
    const query = auditApiQuery({ ...nothing, from: "2026-11-05", to: "2026-11-05" }, "Asia/Tokyo");
    expect([query.since, query.until]).toEqual(["2026-11-04T15:00:00.000Z", "2026-11-05T15:00:00.000Z"]);
  });

  it("counts later pages from where the first began", () => {
    const query = auditApiQuery({ ...nothing, page: 3, before: 1200 }, "UTC");
    expect([query.offset, query.before]).toEqual([100, 1200]);
  });
});

describe("auditSearch", () => {
  it("is empty when nothing is asked for", () => {
    expect(auditSearch(nothing)).toBe("");
  });

  it("comes back as the same filters", () => {
    const filters = { search: "a&b=c", outcome: "denied", from: "2026-11-01", to: null, page: 2, before: 7 } as const;
    const query = Object.fromEntries(new URLSearchParams(auditSearch(filters)));
    expect(readAuditFilters(query)).toEqual(filters);
  });
});
