import "server-only";

import { cookies, headers } from "next/headers";
import { notFound, redirect, unstable_rethrow } from "next/navigation";
import { cache } from "react";

import type { Tool } from "../tools";
import { memberships, PAGE_MAX_AGE_MS, tenantAccess, type AccessRequest, type TenantAccess } from "./access";
import { dashboardCounts, signInOptions, type Dashboard, type Me, type SignInOptions } from "./api";
import { requestIdOf } from "./http/request-id";
import { PageError } from "./page-error";
import { attempt, type Refusal } from "./refusal";
import { openSession } from "./session/session";
import { FLASH_HEADER, flashOf, openFlash, type Flash } from "./sign-in/flash";
import { signInPath } from "./sign-in/next-path";
import { allowedTools } from "./tools";

/** What a page of a tenant shows: the person, and what they have there. */
export interface TenantPage extends TenantAccess {
  readonly me: Me;
}

/** The signed-in person; anybody else is sent to sign in. */
export const requireMe = cache(async (): Promise<Me> => {
  return await orRefuse(async (request) => await memberships(request));
});

/** How many dashboards each tenant has, by its id; none when it cannot be had, for it is not needed. */
export async function countDashboards(): Promise<ReadonlyMap<string, number>> {
  const session = await openSession(await cookies());
  if (session === null) {
    return new Map();
  }
  const requestId = requestIdOf(await headers());
  const { value } = await attempt(() => dashboardCounts(session.userToken, requestId));
  return value ?? new Map<string, number>();
}

/** The tenant of that slug; a 404 when there is none, or not for this person. */
export const requireTenant = cache(async (slug: string): Promise<TenantPage> => {
  const me = await requireMe();
  const access = await orRefuse(async (request) => await tenantAccess(request, slug));
  return { me, ...access };
});

/** The tenant's dashboard of that slug; a 404 when the tenant does not have it. */
export async function requireDashboard(
  tenantSlug: string,
  dashboardSlug: string,
): Promise<TenantPage & { readonly dashboard: Dashboard }> {
  const page = await requireTenant(tenantSlug);
  const dashboard = page.dashboards.find(({ slug }) => slug === dashboardSlug);
  return dashboard === undefined ? notFound() : { ...page, dashboard };
}

/** What the sign-in page shows. */
export interface SignInPageContent {
  /** Null while the API is away. */
  readonly options: SignInOptions | null;
  readonly flash: Flash;
  /** How long to wait before the next attempt. */
  readonly waitSeconds: number;
}

/** What the sign-in page shows to this request. */
export async function signInPage(): Promise<SignInPageContent> {
  const received = await headers();
  const { value } = await attempt(() => signInOptions(requestIdOf(received)));
  const flash = (await openFlash(received.get(FLASH_HEADER))) ?? flashOf({});
  const waitSeconds = Math.max(0, Math.ceil(((flash.retryAtMs ?? 0) - Date.now()) / 1000));
  return { options: value ?? null, flash, waitSeconds };
}

/** The tenant of that slug, if the person may use the tool there; else null, which is a 403. */
export async function requireTool(slug: string, tool: Tool): Promise<TenantPage | null> {
  const page = await requireTenant(slug);
  const allowed = await allowedTools(page.tenant, requestIdOf(await headers()));
  return allowed.includes(tool) ? page : null;
}

/** Ask the API for somebody who is signed in; each refusal leads to its own page. */
export async function orRefuse<T>(work: (request: AccessRequest) => Promise<T>): Promise<T> {
  const session = await openSession(await cookies());
  if (session === null) {
    redirect(signInPath(null));
  }
  const requestId = requestIdOf(await headers());
  try {
    const outcome = await attempt(() => work({ session, requestId, maxAgeMs: PAGE_MAX_AGE_MS }));
    return outcome.refusal === undefined ? outcome.value : refusePage(outcome.refusal, requestId);
  } catch (cause) {
    // What Next itself throws, for a redirect or a 404, has to pass.
    unstable_rethrow(cause);
    throw cause instanceof PageError ? cause : new PageError("The page could not be made.", requestId, { cause });
  }
}

function refusePage(refusal: Refusal, requestId: string): never {
  switch (refusal) {
    case "sign-in":
      redirect(signInPath(null));
    // eslint-disable-next-line no-fallthrough -- redirect() and notFound() never return
    case "not-found":
      notFound();
    // eslint-disable-next-line no-fallthrough -- as above
    case "unavailable":
      // The gate answers this with a 503 before the page starts; only an API that goes away in
      // the moment between gets here, and the error page takes over.
      throw new PageError("The API went away while the page was made.", requestId);
  }
}
