import { describe, expect, it } from "vitest";

import { logoOf, logoPath } from "@/lib/server/api/logo";

const PNG = "data:image/png;base64,iVBORw0KGgo=";

describe("logoOf", () => {
  it("takes a picture", () => {
    const logo = logoOf(PNG);
    expect(logo).toMatchObject({ mediaType: "image/png", data: "iVBORw0KGgo=" });
    expect(logoOf(PNG.replace("Ggo", "Ggp"))?.version).not.toBe(logo?.version);
  });

  it.each([
    undefined,
    null,
    7,
    "",
    "https://example.com/logo.png",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "data:text/html;base64,PHN2Zz4=",
    "data:image/png;base64,<script>",
    "data:image/png,plain",
    `data:image/png;base64,${"A".repeat(20_000)}`,
  ])("takes nothing else: %o", (value) => {
    expect(logoOf(value)).toBeNull();
  });
});

describe("logoPath", () => {
  it("changes with the picture", () => {
    const logo = logoOf(PNG) ?? undefined;
    expect(logoPath("acme", logo)).toMatch(/^\/tenants\/acme\/logo\?v=[0-9a-f]{12}$/);
    expect(logoPath("acme", undefined)).toBeNull();
  });
});
