import { describe, expect, it } from "vitest";
import { z } from "zod";

import { callApi } from "@/lib/server/api/call";
import { pathOf } from "@/lib/server/api/routes";
import { me } from "@/lib/server/api/schemas";

const requestId = "r";

/** Never called: what matters is which of these calls compile. */
export function whatCompiles() {
  const { email } = z.object({ email: z.string() }).shape;
  return [
    callApi(me, { route: "/api/me", requestId }),
    callApi(z.object({ email }), { route: "/api/me", requestId }),
    // @ts-expect-error: the API has no such route
    callApi(me, { route: "/api/you", requestId }),
    // @ts-expect-error: it does not answer that there
    callApi(z.object({ mail: email }), { route: "/api/me", requestId }),
    // @ts-expect-error: nor in that form
    callApi(z.object({ email: z.number() }), { route: "/api/me", requestId }),
    // @ts-expect-error: the route needs its parameter
    callApi(z.unknown(), { route: "/api/tenant/{tenant_id}", requestId }),
    // @ts-expect-error: the route needs a body
    callApi(z.unknown(), { route: "/api/token/exchange", requestId }),
    // @ts-expect-error: with another field
    callApi(z.unknown(), { route: "/api/token/exchange", body: { tenant: "1" }, requestId }),
    // @ts-expect-error: the route knows no such parameter
    callApi(z.unknown(), { route: "/api/tenant/{tenant_id}/audit", parameters: { tenant_id: "1" }, query: { page: 1 }, requestId }),
  ];
}

describe("the path of a call", () => {
  it("keeps a parameter within its segment", () => {
    expect(pathOf("/api/tenant/{tenant_id}/dashboards", { tenant_id: "../me?x" })).toBe("/api/tenant/..%2Fme%3Fx/dashboards");
  });

  it("leaves out what is not asked for", () => {
    const query = { limit: 20, search: "a&b@acme.com", before: undefined };
    expect(pathOf("/api/tenant/{tenant_id}/audit", { tenant_id: "1" }, query)).toBe(
      "/api/tenant/1/audit?limit=20&search=a%26b%40acme.com",
    );
  });
});
