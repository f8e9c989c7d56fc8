import { describe, expect, it, vi } from "vitest";

import { refuse } from "@/lib/server/dash/refuse";
import { receiveForm } from "@/lib/server/http/form";
import { standInPage } from "@/lib/server/http/stand-in";
import { themeOf } from "@/lib/server/http/theme";

vi.mock("@/lib/server/env", () => import("./dash/settings"));

const PAGE = { status: 404, title: "Not <here>", message: "m", requestId: "r", theme: null };
const NAVIGATION = { accept: "text/html", "sec-fetch-mode": "navigate" };

describe("themeOf", () => {
  it.each([
    ["kyros_theme=dark", "dark"],
    ["other=1; kyros_theme=light; more=2", "light"],
    ["other_kyros_theme=dark", null],
    ["kyros_theme=%22%3E", null],
    [null, null],
  ])("of the cookies %o is %o", (cookie, expected) => {
    expect(themeOf(new Headers(cookie === null ? {} : { cookie }))).toBe(expected);
  });
});

describe("a page made without Next", () => {
  it("follows the system where nothing is chosen, and says no more than it was told", async () => {
    const text = await standInPage(PAGE).text();
    expect(text).toContain(":root{color-scheme:light dark}");
    expect(text).toContain("Not &lt;here&gt;");
  });

  it.each(["light", "dark"] as const)("wears %s where that is chosen", async (theme) => {
    expect(await standInPage({ ...PAGE, theme }).text()).toContain(`:root{color-scheme:${theme}}`);
  });

  it("takes the choice from the request, in place of a dashboard and of a form's answer", async () => {
    const headers = new Headers({ ...NAVIGATION, cookie: "kyros_theme=dark" });
    const inFrame = refuse("away", { headers, requestId: "r" });
    const { refusal } = await receiveForm(new Request("http://kyros.test/auth/sign-out", { method: "POST", headers }));
    for (const answer of [inFrame, refusal]) {
      expect(await answer?.text()).toContain(":root{color-scheme:dark}");
    }
  });
});
