import Link from "next/link";

import { formatNumber, type Locale } from "@/lib/locale";
import type { AuditPart } from "@/lib/server/api";
import { AUDIT_PAGE_SIZE, auditSearch, type AuditFilters } from "@/lib/server/audit/query";

interface AuditPagerProps {
  readonly path: string;
  readonly filters: AuditFilters;
  readonly part: AuditPart;
  readonly locale: Locale;
}

const STEP = "rounded-lg border border-line bg-surface px-4 py-2 text-sm font-medium hover:border-accent";

/** From page to page of what was found when the first one was opened. */
export function AuditPager({ path, filters, part, locale }: AuditPagerProps) {
  const { page, before } = filters;
  const pages = Math.max(1, Math.ceil(part.total / AUDIT_PAGE_SIZE));
  const newest = part.events[0]?.id;
  const anchor = before ?? (page === 1 && newest !== undefined ? newest + 1 : null);
  const to = (wanted: number) => `${path}${auditSearch({ ...filters, page: wanted, before: anchor })}`;
  if (pages === 1 && page === 1) {
    return null;
  }
  return (
    <nav aria-label="Pages" className="mt-6 flex flex-wrap items-center gap-3">
      {page > 1 && (
        <Link href={to(Math.min(page - 1, pages))} rel="prev" className={STEP}>
          Newer
        </Link>
      )}
      {page < pages && (
        <Link href={to(page + 1)} rel="next" className={STEP}>
          Older
        </Link>
      )}
      <p className="text-sm text-muted">
        Page {formatNumber(page, locale)} of {formatNumber(pages, locale)}
      </p>
    </nav>
  );
}
