import Link from "next/link";

import type { Dashboard } from "@/lib/server/api";

interface DashboardCardProps {
  readonly tenantSlug: string;
  readonly dashboard: Dashboard;
}

/** A dashboard as a card; all of the card is the link, which is named by the title. */
export function DashboardCard({ tenantSlug, dashboard }: DashboardCardProps) {
  return (
    <article className="group relative flex h-full gap-5 rounded-2xl border border-line bg-surface p-6 shadow-card transition-shadow hover:shadow-raised">
      <span aria-hidden="true" className="tenant-tint tenant-ink grid size-12 shrink-0 place-items-center rounded-xl">
        <ChartGlyph />
      </span>
      <div className="min-w-0">
        <h2 className="text-lg leading-snug font-semibold tracking-tight">
          <Link
            href={`/tenant/${tenantSlug}/dashboard/${dashboard.slug}`}
            className="rounded-2xl after:absolute after:inset-0 after:rounded-2xl"
          >
            {dashboard.title}
          </Link>
        </h2>
        <p className="mt-1.5 text-muted text-pretty">{dashboard.description}</p>
      </div>
    </article>
  );
}

function ChartGlyph() {
  return (
    <svg viewBox="0 0 24 24" className="size-6" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round">
      <path d="M4 4v14.5A1.5 1.5 0 0 0 5.5 20H20" />
      <path d="m8 15 3.5-4 3 2.5L20 7" />
    </svg>
  );
}
