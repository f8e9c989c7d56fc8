import { readdirSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { dashboardTemplateOf, templateOf } from "@/lib/server/watch/template";

const APP = path.resolve(import.meta.dirname, "../../app");
/** The paths of the pages and routes, with `{name}` for each part in brackets. */
const routes = readdirSync(APP, { recursive: true, encoding: "utf8" })
  .filter((file) => /(?:^|\/)(?:page\.tsx|route\.ts)$/.test(file) && !file.includes("[...path]"))
  .map((file) => `/${path.dirname(file)}`.replaceAll(/\/\([^)]+\)/g, "").replaceAll(/\[(\w+)\]/g, "{$1}"));

describe("templateOf", () => {
  it("knows every page and route there is", () => {
    expect(routes.length).toBeGreaterThan(8);
    for (const route of routes) {
      expect(templateOf(route.replaceAll(/\{\w+\}/g, "some-thing"))).toBe(route);
    }
  });

  it("gives one name to files, and one to what nobody has", () => {
    expect(templateOf("/_next/static/chunks/1f2e.js")).toBe("/_next/static/{file}");
    expect(["/wp-login.php", "/tenant/acme/nothing", "/tenants/", "/tenant/", "/%E0"].map(templateOf)).toEqual([
      "unknown",
      "unknown",
      "/tenants",
      "unknown",
      "unknown",
    ]);
  });
});

describe("dashboardTemplateOf", () => {
  it("names what every dashboard's page asks for, and no path that somebody typed", () => {
    const prefix = "/tenant/{tenant}/dash/{dashboard}/";
    expect(dashboardTemplateOf("tenant", "")).toBe(prefix);
    expect(dashboardTemplateOf("tenant", "_dash-update-component")).toBe(`${prefix}_dash-update-component`);
    expect(dashboardTemplateOf("tenant", "anything/else")).toBe(`${prefix}{file}`);
    expect(dashboardTemplateOf("files", "assets/kyros.js")).toBe("/dash/{dashboard}/{file}");
  });
});
