import "server-only";

import type { Locale } from "@/lib/locale";

import { dropTenantToken, tenantToken, withTenantToken, type AccessRequest } from "../access";
import { ApiError, auditEvents, type AuditPart, type AuditQuery, type Tenant } from "../api";
import { personLocale } from "../locale";
import { orRefuse, requireTenant, type TenantPage } from "../pages";
import { auditApiQuery, readAuditFilters, type AuditFilters, type Query } from "./query";

/** What the page of the audit log shows. */
export interface AuditPage extends TenantPage {
  readonly filters: AuditFilters;
  readonly part: AuditPart;
  readonly locale: Locale;
}

/**
 * The tenant's audit log, or null for those whom it is not for.
 *
 * The API decides, and is asked also where the answer is foreseen: so the try is in the log.
 */
export async function auditPage(slug: string, query: Query): Promise<AuditPage | null> {
  const [page, locale] = await Promise.all([requireTenant(slug), personLocale()]);
  const filters = readAuditFilters(query);
  const part = await orRefuse((request) => readPart(request, page.tenant, auditApiQuery(filters, locale.zone)));
  return part === null ? null : { ...page, filters, part, locale };
}

async function readPart(request: AccessRequest, tenant: Tenant, query: AuditQuery): Promise<AuditPart | null> {
  const { session, requestId } = request;
  const read = async () => {
    try {
      return await withTenantToken(session, tenant, requestId, (token) =>
        auditEvents(token, tenant.id, query, requestId),
      );
    } catch (error) {
      if (error instanceof ApiError && error.code === "ADMIN_REQUIRED") {
        return null;
      }
      throw error;
    }
  };
  const part = await read();
  if (part !== null || tenant.role !== "admin") {
    return part;
  }
  // Who has become an admin a moment ago may still have a token that says otherwise.
  dropTenantToken(session, tenant, await tenantToken(session, tenant, requestId));
  return await read();
}
