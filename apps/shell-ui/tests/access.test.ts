import { beforeEach, describe, expect, it, vi } from "vitest";

import { forgetSession, tenantAccess, tenantToken } from "@/lib/server/access";
import * as api from "@/lib/server/api";
import { startSession } from "@/lib/server/session/session";

vi.mock("@/lib/server/api", async (original) => ({
  ...(await original<typeof api>()),
  exchangeToken: vi.fn(),
  me: vi.fn(),
  tenantDashboards: vi.fn(),
}));

const acme = { id: "1", name: "Acme", slug: "acme", role: "viewer", colour: null, logo: null };
const risk = { slug: "risk", title: "Risk", description: "", preview: "bars" as const };
let issued = 0;

function token(lifetimeSeconds: number): api.IssuedToken {
  issued += 1;
  return { token: `t${String(issued)}`, lifetimeSeconds, expiresAtMs: Date.now() + lifetimeSeconds * 1000 };
}

function request() {
  return { session: startSession("a@acme.com", "user-token", 3600), requestId: "r", maxAgeMs: 1000 };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  vi.mocked(api.me).mockResolvedValue({ email: "a@acme.com", tenants: [acme], logos: new Map() });
  vi.mocked(api.exchangeToken).mockImplementation(() => Promise.resolve(token(1800)));
  vi.mocked(api.tenantDashboards).mockResolvedValue([risk]);
});

describe("tenantAccess", () => {
  it("returns the tenant of the slug and its dashboards", async () => {
    expect(await tenantAccess(request(), "acme")).toEqual({ tenant: acme, dashboards: [risk] });
  });

  it("denies a tenant that is not the person's, without asking for its token", async () => {
    await expect(tenantAccess(request(), "beta")).rejects.toMatchObject({ kind: "denied" });
    expect(api.exchangeToken).not.toHaveBeenCalled();
  });

  it("tries once more with a new token when the first is not accepted", async () => {
    vi.mocked(api.tenantDashboards).mockRejectedValueOnce(new api.ApiError("unauthenticated", "TOKEN_EXPIRED"));
    expect((await tenantAccess(request(), "acme")).dashboards).toEqual([risk]);
    expect(api.exchangeToken).toHaveBeenCalledTimes(2);
  });

  it("gives up when the second token is not accepted either", async () => {
    vi.mocked(api.tenantDashboards).mockRejectedValue(new api.ApiError("unauthenticated", "TOKEN_INVALID"));
    await expect(tenantAccess(request(), "acme")).rejects.toMatchObject({ kind: "unauthenticated" });
    expect(api.exchangeToken).toHaveBeenCalledTimes(2);
  });
});

describe("tenantToken", () => {
  it("exchanges once for requests at the same time, and keeps the token", async () => {
    const { session } = request();
    const tokens = await Promise.all([1, 2, 3].map(() => tenantToken(session, acme, "r")));
    tokens.push(await tenantToken(session, acme, "r"));
    expect(new Set(tokens).size).toBe(1);
    expect(api.exchangeToken).toHaveBeenCalledOnce();
  });

  it("renews a minute before the end", async () => {
    const { session } = request();
    const first = await tenantToken(session, acme, "r");
    vi.advanceTimersByTime(1739_000);
    expect(await tenantToken(session, acme, "r")).toBe(first);
    vi.advanceTimersByTime(2_000);
    expect(await tenantToken(session, acme, "r")).not.toBe(first);
  });

  it("renews a short token at half its life", async () => {
    vi.mocked(api.exchangeToken).mockImplementation(() => Promise.resolve(token(10)));
    const { session } = request();
    const first = await tenantToken(session, acme, "r");
    vi.advanceTimersByTime(4_000);
    expect(await tenantToken(session, acme, "r")).toBe(first);
    vi.advanceTimersByTime(2_000);
    expect(await tenantToken(session, acme, "r")).not.toBe(first);
  });

  it("keeps the tokens of sessions and tenants apart, and forgets those of a session that ended", async () => {
    const [one, other] = [request().session, request().session];
    const tokens = [
      await tenantToken(one, acme, "r"),
      await tenantToken(other, acme, "r"),
      await tenantToken(one, { ...acme, id: "2" }, "r"),
    ];
    expect(new Set(tokens).size).toBe(3);
    forgetSession(one);
    expect(await tenantToken(one, acme, "r")).not.toBe(tokens[0]);
    expect(await tenantToken(other, acme, "r")).toBe(tokens[1]);
  });
});
