import type { Metadata } from "next";

import { ForbiddenPage } from "@/components/forbidden-page";
import { ZoneName } from "@/components/moment";
import { formatNumber } from "@/lib/locale";
import { auditPage } from "@/lib/server/audit/page";
import type { Query } from "@/lib/server/audit/query";

import { ToolPage } from "../_components/tool-page";
import { AuditFilterForm } from "./_components/audit-filter-form";
import { AuditPager } from "./_components/audit-pager";
import { AuditTable } from "./_components/audit-table";

export const metadata: Metadata = { title: "Audit log" };

interface Props {
  readonly params: Promise<{ tenant: string }>;
  readonly searchParams: Promise<Query>;
}

export default async function AuditLogPage({ params, searchParams }: Props) {
  const { tenant: slug } = await params;
  const page = await auditPage(slug, await searchParams);
  if (page === null) {
    return (
      <ForbiddenPage tenantSlug={slug}>
        The audit log is for the administrators of this tenant. Ask one of them to look for you.
      </ForbiddenPage>
    );
  }
  const { tenant, filters, part, locale } = page;
  const path = `/tenant/${tenant.slug}/audit`;
  return (
    <ToolPage
      page={page}
      title="Audit log"
      introduction={
        <p>
          Who was let in at {tenant.name}, and who was turned away, newest first.{" "}
          {/* Where there is room for a table its heading says so. */}
          <span className="md:hidden">
            Times are those of <ZoneName locale={locale} />.
          </span>
        </p>
      }
    >
      <AuditFilterForm path={path} filters={filters} />
      <p role="status" className="mt-6 text-sm text-muted">
        {part.total === 1 ? "1 event" : `${formatNumber(part.total, locale)} events`}
      </p>
      <AuditTable events={part.events} locale={locale} path={path} filters={filters} />
      <AuditPager path={path} filters={filters} part={part} locale={locale} />
    </ToolPage>
  );
}
