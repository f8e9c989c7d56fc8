import { describe, expect, it } from "vitest";

import { parseTheme, themeCookie } from "@/lib/theme";

describe("parseTheme", () => {
  it("knows light and dark", () => {
    expect([parseTheme("light"), parseTheme("dark")]).toEqual(["light", "dark"]);
  });

  it.each([undefined, "", "system", "LIGHT", "dark;", '"><script>'])("takes %o for no choice", (value) => {
    expect(parseTheme(value)).toBeNull();
  });
});

describe("themeCookie", () => {
  it("keeps a choice for a year, on every page", () => {
    expect(themeCookie("dark", false)).toBe("kyros_theme=dark; Path=/; Max-Age=31536000; SameSite=Lax");
  });

  it("is removed when the system decides again", () => {
    expect(themeCookie(null, false)).toContain("kyros_theme=; Path=/; Max-Age=0");
  });

  it("keeps to TLS where the page came over TLS", () => {
    expect(themeCookie("light", true)).toMatch(/; Secure$/);
  });
});
