import { describe, expect, it } from "vitest";

import { isSameOrigin, isSecure } from "@/lib/server/http/same-origin";

const host = "kyros.example:3000";

describe("isSameOrigin", () => {
  it.each([
    [true, { host, origin: "http://kyros.example:3000" }],
    [true, { host: "Kyros.Example:3000", origin: "http://kyros.example:3000" }],
    [true, { host, origin: "http://kyros.example:3000", "sec-fetch-site": "same-origin" }],
    [true, { host, "sec-fetch-site": "same-origin" }],
    [false, { host }],
    [false, { host, origin: "null" }],
    [false, { host, origin: "http://evil.example" }],
    [false, { host, origin: "http://kyros.example" }],
    [false, { host, origin: "http://kyros.example:3000.evil.example" }],
    [false, { host, origin: "http://kyros.example:3000", "sec-fetch-site": "cross-site" }],
    [false, { host, origin: "http://kyros.example:3000", "sec-fetch-site": "same-site" }],
    [false, { origin: "http://kyros.example:3000" }],
  ])("is %s for %o", (expected, headers: Record<string, string>) => {
    expect(isSameOrigin(new Headers(headers))).toBe(expected);
  });
});

describe("isSecure", () => {
  it("believes the edge in front, else the request", () => {
    expect(isSecure("http://shell:3000/", new Headers({ "x-forwarded-proto": "https" }))).toBe(true);
    expect(isSecure("http://shell:3000/", new Headers({ "x-forwarded-proto": "https, http" }))).toBe(true);
    expect(isSecure("http://shell:3000/", new Headers())).toBe(false);
    expect(isSecure("https://shell:3000/", new Headers())).toBe(true);
  });
});
