import "server-only";

import { previewKindOf } from "@/lib/preview-kind";

import { callApi } from "./call";
import { logoOf, logoPath } from "./logo";
import * as wire from "./schemas";
import type { AuditPart, AuditQuery, Dashboard, IssuedToken, Logo, Me, SignInOptions } from "./types";

export { ApiError } from "./errors";
export type {
  AuditEvent,
  AuditPart,
  AuditQuery,
  Dashboard,
  DemoUser,
  IssuedToken,
  Logo,
  Me,
  SignInOptions,
  Tenant,
} from "./types";

const HEX_COLOUR = /^#[0-9a-f]{6}$/i;

/** How people can sign in. */
export async function signInOptions(requestId: string): Promise<SignInOptions> {
  const { mode, demo_users } = await callApi(wire.signInOptions, { route: "/api/auth/options", requestId });
  return { mode, demoUsers: demo_users };
}

/** Who signs in: the request, and the machine that it comes from. */
export interface Caller {
  readonly requestId: string;
  readonly address: string | null;
}

/** A user token for an email and its password. */
export async function login(email: string, password: string, caller: Caller): Promise<IssuedToken> {
  const answer = await callApi(wire.issuedToken, { route: "/api/auth/login", body: { email, password }, ...caller });
  return issued(answer);
}

/** A user token for a demo user; only an API in demo mode gives one. */
export async function mockLogin(email: string, caller: Caller): Promise<IssuedToken> {
  const answer = await callApi(wire.issuedToken, { route: "/api/auth/mock-login", body: { email }, ...caller });
  return issued(answer);
}

/** Let a user token, and all that was given for it, be good no longer, in whichever replica. */
export async function logout(token: string, requestId: string): Promise<void> {
  await callApi(wire.signedOut, { route: "/api/auth/logout", method: "POST", token, requestId });
}

/** Who the user token belongs to, and their tenants. */
export async function me(token: string, requestId: string): Promise<Me> {
  const { email, tenants } = await callApi(wire.me, { route: "/api/me", token, requestId });
  const logos = new Map<string, Logo>();
  for (const { slug, config_json } of tenants) {
    const logo = logoOf(config_json.logo);
    if (logo !== null) {
      logos.set(slug, logo);
    }
  }
  return {
    email,
    tenants: tenants.map(({ id, name, slug, role, config_json }) => ({
      id,
      name,
      slug,
      role,
      colour: colourOf(config_json.primary_color),
      logo: logoPath(slug, logos.get(slug)),
    })),
    logos,
  };
}

/** How many dashboards each of the person's tenants has, by the tenant's id. */
export async function dashboardCounts(token: string, requestId: string): Promise<ReadonlyMap<string, number>> {
  const { tenants } = await callApi(wire.dashboardCounts, { route: "/api/me/dashboards", token, requestId });
  return new Map(tenants.map(({ tenant_id, dashboards }) => [tenant_id, dashboards]));
}

/** A tenant token in exchange for the user token. */
export async function exchangeToken(userToken: string, tenantId: string, requestId: string): Promise<IssuedToken> {
  const body = { tenant_id: tenantId };
  const answer = await callApi(wire.issuedToken, { route: "/api/token/exchange", token: userToken, body, requestId });
  return issued(answer);
}

/** The dashboards that the tenant of the token has. */
export async function tenantDashboards(tenantToken: string, tenantId: string, requestId: string): Promise<Dashboard[]> {
  const { dashboards } = await callApi(wire.dashboards, {
    route: "/api/tenant/{tenant_id}/dashboards",
    parameters: { tenant_id: tenantId },
    token: tenantToken,
    requestId,
  });
  return dashboards.map(({ slug, title, description, config_json }) => ({
    slug,
    title,
    description: description ?? "",
    preview: previewKindOf(config_json.preview, slug),
  }));
}

/** A part of the tenant's audit log. */
export async function auditEvents(
  tenantToken: string,
  tenantId: string,
  query: AuditQuery,
  requestId: string,
): Promise<AuditPart> {
  const { total, events } = await callApi(wire.auditLines, {
    route: "/api/tenant/{tenant_id}/audit",
    parameters: { tenant_id: tenantId },
    query,
    token: tenantToken,
    requestId,
  });
  return { total, events: events.map(({ request_id, ...event }) => ({ ...event, requestId: request_id })) };
}

function issued({ access_token, expires_in }: { access_token: string; expires_in: number }): IssuedToken {
  return { token: access_token, lifetimeSeconds: expires_in, expiresAtMs: Date.now() + expires_in * 1000 };
}

function colourOf(value: unknown): string | null {
  return typeof value === "string" && HEX_COLOUR.test(value) ? value : null;
}
