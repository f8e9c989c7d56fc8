import Link from "next/link";

interface DashboardBarProps {
  readonly tenantSlug: string;
  readonly title: string;
}

/** Where the person is, and the way back to the list. */
export function DashboardBar({ tenantSlug, title }: DashboardBarProps) {
  return (
    <div className="relative flex h-11 shrink-0 items-center gap-2 border-b border-line bg-surface px-4 text-sm sm:px-6">
      <Link href={`/tenant/${tenantSlug}`} className="shrink-0 rounded text-muted hover:text-ink">
        Dashboards
      </Link>
      <span aria-hidden="true" className="text-muted">
        /
      </span>
      <h1 className="truncate font-semibold">{title}</h1>
      <span aria-hidden="true" className="tenant-rule absolute inset-x-0 -bottom-px h-0.5" />
    </div>
  );
}
