import { describe, expect, it, vi } from "vitest";

vi.mock("@/lib/server/api", async (original) => ({ ...(await original<object>()), signInOptions: vi.fn() }));

/** What was learnt of the API is kept on the global object; each test begins without it. */
async function freshTools(mode: "demo" | "password" | "away" = "password") {
  Reflect.deleteProperty(globalThis, "kyros");
  vi.resetModules();
  const api = await import("@/lib/server/api");
  const asked = vi.mocked(api.signInOptions).mockReset();
  if (mode === "away") {
    asked.mockRejectedValue(new api.ApiError("unavailable", "API_UNAVAILABLE"));
  } else {
    asked.mockResolvedValue({ mode, demoUsers: [] });
  }
  return { ...(await import("@/lib/server/tools")), asked };
}

describe("allowedTools", () => {
  it("lets a tenant's admin use all of them, without asking the API", async () => {
    const { allowedTools, asked } = await freshTools();
    expect(await allowedTools({ role: "admin" }, "r")).toEqual(["audit", "inspector"]);
    expect(asked).not.toHaveBeenCalled();
  });

  it.each(["password", "away"] as const)("lets a viewer use none (%s)", async (mode) => {
    const { allowedTools } = await freshTools(mode);
    expect(await allowedTools({ role: "viewer" }, "r")).toEqual([]);
  });

  it("lets everybody inspect in demo mode, and asks for the mode once", async () => {
    const { allowedTools, asked } = await freshTools("demo");
    expect(await allowedTools({ role: "viewer" }, "r")).toEqual(["inspector"]);
    expect(await allowedTools({ role: "viewer" }, "r")).toEqual(["inspector"]);
    expect(asked).toHaveBeenCalledOnce();
  });
});

describe("toolOf", () => {
  it.each([
    ["/tenant/acme/audit", "audit"],
    ["/tenant/acme/inspector/", "inspector"],
    ["/tenant/acme", null],
    ["/tenant/acme/auditor", null],
    ["/tenant/audit/dashboard/inspector", null],
  ])("finds in %s the tool %s", async (path, tool) => {
    const { toolOf } = await freshTools();
    expect(toolOf(path)).toBe(tool);
  });
});
