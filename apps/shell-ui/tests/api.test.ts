import { describe, expect, it, vi } from "vitest";

import { exchangeToken, me, mockLogin, tenantDashboards } from "@/lib/server/api";

vi.mock("@/lib/server/env", () => ({ env: () => ({ apiUrl: "http://api.test" }) }));
vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

function answer(body: unknown, status = 200) {
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(Response.json(body, { status })));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

const error = (code: string) => ({ error: { code, message: "…", details: null, timestamp: "", request_id: "" } });

describe("api client", () => {
  it("turns the wire shape into the shell's own", async () => {
    const tenant = { id: "1", name: "Acme", slug: "acme", role: "admin" };
    answer({
      user_id: "u",
      email: "a@acme.com",
      tenants: [
        { ...tenant, config_json: { primary_color: "#0052cc", logo: "data:image/png;base64,iVBORw0KGgo=" } },
        { ...tenant, slug: "odd", config_json: { primary_color: "red;background:url(//evil)", logo: "//evil" } },
      ],
    });
    const { logos, ...person } = await me("t", "r");
    const version = logos.get("acme")?.version ?? "";
    expect(version).not.toBe("");
    expect(logos.size).toBe(1);
    expect(person).toEqual({
      email: "a@acme.com",
      tenants: [
        { ...tenant, colour: "#0052cc", logo: `/tenants/acme/logo?v=${version}` },
        { ...tenant, slug: "odd", colour: null, logo: null },
      ],
    });
  });

  it("sends token and request id, and a body as JSON", async () => {
    const fetch = answer({ access_token: "tenant-token", expires_in: 1800 });
    expect((await exchangeToken("user-token", "1", "req-1")).token).toBe("tenant-token");
    const [url, init] = fetch.mock.calls[0] ?? [];
    const headers = new Headers(init?.headers);
    expect(url).toBe("http://api.test/api/token/exchange");
    expect(headers.get("authorization")).toBe("Bearer user-token");
    expect(headers.get("x-request-id")).toBe("req-1");
    expect(init).toMatchObject({ method: "POST", body: '{"tenant_id":"1"}' });
  });

  it("keeps an odd tenant id within its path segment", async () => {
    const fetch = answer({ dashboards: [] });
    await tenantDashboards("t", "../me?x", "r");
    expect(fetch.mock.calls[0]?.[0]).toBe("http://api.test/api/tenant/..%2Fme%3Fx/dashboards");
  });

  it.each([
    [401, "TOKEN_EXPIRED", "unauthenticated"],
    [403, "TENANT_ACCESS_DENIED", "denied"],
    [404, "USER_NOT_FOUND", "denied"],
    [400, "INVALID_REQUEST", "rejected"],
    [429, "RATE_LIMITED", "rejected"],
    [500, "INTERNAL", "unavailable"],
    [503, "DATABASE_UNAVAILABLE", "unavailable"],
  ])("maps %i %s to %s", async (status, code, kind) => {
    answer(error(code), status);
    await expect(mockLogin("a@acme.com", { requestId: "r", address: null })).rejects.toMatchObject({ kind, code });
  });

  it("takes an error without the error form by its status", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<h1>Bad gateway</h1>", { status: 502 })));
    await expect(me("t", "r")).rejects.toMatchObject({ kind: "unavailable", code: "HTTP_502" });
  });

  it.each([{}, { email: 1 }, null, "text"])("takes an answer of another shape for none: %o", async (body) => {
    answer(body);
    await expect(me("t", "r")).rejects.toMatchObject({ kind: "unavailable", code: "UNEXPECTED_ANSWER" });
  });

  it("takes a failed connection for an API that is away", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
    await expect(me("t", "r")).rejects.toMatchObject({ kind: "unavailable", code: "API_UNAVAILABLE" });
  });
});
