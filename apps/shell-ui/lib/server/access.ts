import "server-only";

import { ApiError, exchangeToken, me, tenantDashboards, type Dashboard, type IssuedToken, type Me, type Tenant } from "./api";
import type { Session } from "./session/session";
import { SingleFlightCache } from "./single-flight-cache";
import { singleton } from "./singleton";
import { countLook, type CacheResult } from "./watch/metrics";
import { noteCaller } from "./watch/request";

/** A tenant token is renewed this long before it ends, so that none expires on its way. */
const RENEW_BEFORE_MS = 60_000;
const CACHED_SESSIONS = 2_000;

/** Who asks, and how old an answer may be. */
export interface AccessRequest {
  readonly session: Session;
  readonly requestId: string;
  readonly maxAgeMs: number;
}

/** What a person may do in one tenant. */
export interface TenantAccess {
  readonly tenant: Tenant;
  readonly dashboards: readonly Dashboard[];
}

/** Pages ask anew each time; the second lets the proxy and the page it precedes share one call. */
export const PAGE_MAX_AGE_MS = 1_000;
/** For so long a slug is taken to name the tenant that it named; what one may see is asked each time. */
const SLUG_MAX_AGE_MS = 15_000;

const caches = singleton("access", () => ({
  me: new SingleFlightCache<Me>(CACHED_SESSIONS, { counted: countedAs("memberships") }),
  tokens: new SingleFlightCache<IssuedToken>(CACHED_SESSIONS, { counted: countedAs("tenant-tokens") }),
  dashboards: new SingleFlightCache<Dashboard[]>(CACHED_SESSIONS, { counted: countedAs("dashboards") }),
}));

function countedAs(cache: string): (result: CacheResult) => void {
  return (result) => {
    countLook(cache, result);
  };
}

/** The person's own record and tenants. */
export async function memberships({ session, requestId, maxAgeMs }: AccessRequest): Promise<Me> {
  return await caches.me.get(
    `${session.id}/`,
    (_, ageMs) => ageMs < maxAgeMs,
    () => me(session.userToken, requestId),
  );
}

/**
 * The tenant of that slug and its dashboards.
 *
 * @throws {ApiError} `denied` when there is no such tenant, or not for this person
 */
export async function tenantAccess(request: AccessRequest, slug: string): Promise<TenantAccess> {
  const { session, requestId, maxAgeMs } = request;
  const tenant = await tenantBySlug(session, slug, requestId, [maxAgeMs]);
  const dashboards = await caches.dashboards.get(
    `${session.id}/${tenant.id}`,
    (_, ageMs) => ageMs < maxAgeMs,
    () => withTenantToken(session, tenant, requestId, (token) => tenantDashboards(token, tenant.id, requestId)),
  );
  return { tenant, dashboards };
}

/**
 * The tenant that a slug names, among those that were the person's lately.
 *
 * That is a name and no permission: `dash/confirm.ts` asks for that.
 *
 * @param agesMs how old the person's record may be, one try after the other
 * @throws {ApiError} `denied` when there is none
 */
export async function tenantBySlug(
  session: Session,
  slug: string,
  requestId: string,
  agesMs: readonly number[] = [SLUG_MAX_AGE_MS, PAGE_MAX_AGE_MS],
): Promise<Tenant> {
  for (const maxAgeMs of agesMs) {
    const { tenants } = await memberships({ session, requestId, maxAgeMs });
    const tenant = tenants.find((candidate) => candidate.slug === slug);
    if (tenant !== undefined) {
      noteCaller({ tenant: tenant.id });
      return tenant;
    }
  }
  throw new ApiError("denied", "TENANT_NOT_FOUND");
}

/** Run something with the tenant's token; once more with a new one if the first is not accepted. */
export async function withTenantToken<T>(
  session: Session,
  tenant: Tenant,
  requestId: string,
  work: (token: string) => Promise<T>,
): Promise<T> {
  const token = await tenantToken(session, tenant, requestId);
  try {
    return await work(token.token);
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== "unauthenticated") {
      throw error;
    }
    dropTenantToken(session, tenant, token);
    return await work((await tenantToken(session, tenant, requestId)).token);
  }
}

/** The token for this person in this tenant; it stays in the server's memory. */
export async function tenantToken(session: Session, tenant: Tenant, requestId: string): Promise<IssuedToken> {
  return await caches.tokens.get(
    `${session.id}/${tenant.id}`,
    ({ expiresAtMs, lifetimeSeconds }) => {
      // Tokens that live only shortly are renewed at half their life, not before they are issued.
      const margin = Math.min(RENEW_BEFORE_MS, (lifetimeSeconds * 1000) / 2);
      return Date.now() < expiresAtMs - margin;
    },
    () => exchangeToken(session.userToken, tenant.id, requestId),
  );
}

/** Forget a token that was not accepted, unless somebody has renewed it already. */
export function dropTenantToken(session: Session, tenant: Tenant, token: IssuedToken): void {
  caches.tokens.drop(`${session.id}/${tenant.id}`, token);
}

/** Forget everything about a session that has ended. */
export function forgetSession(session: Session): void {
  for (const cache of Object.values(caches)) {
    cache.dropAll(`${session.id}/`);
  }
}
