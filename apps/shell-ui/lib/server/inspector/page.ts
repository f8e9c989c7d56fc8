import "server-only";

import type { Locale } from "@/lib/locale";

import { tenantToken } from "../access";
import { rememberedCalls, type CallRecord } from "../api/calls";
import { personLocale } from "../locale";
import { orRefuse, requireTool, type TenantPage } from "../pages";
import { claimsOf, type TokenClaims } from "./claims";

/** What the inspector shows: decoded here, so that no token goes to the browser. */
export interface InspectorPage extends TenantPage {
  readonly userToken: TokenClaims;
  readonly tenantToken: TokenClaims;
  readonly calls: readonly CallRecord[];
  readonly locale: Locale;
  /** This server's clock, in milliseconds since 1970: the browser's may be wrong. */
  readonly now: number;
}

/** What this server holds for the person in this tenant, or null for those whom it is not for. */
export async function inspectorPage(slug: string): Promise<InspectorPage | null> {
  const [page, locale] = await Promise.all([requireTool(slug, "inspector"), personLocale()]);
  if (page === null) {
    return null;
  }
  const held = await orRefuse(async ({ session, requestId }) => ({
    userToken: claimsOf(session.userToken),
    tenantToken: claimsOf((await tenantToken(session, page.tenant, requestId)).token),
    calls: rememberedCalls(session.userToken),
  }));
  return { ...page, ...held, locale, now: Date.now() };
}
