import Link from "next/link";

import type { Dashboard } from "@/lib/server/api";

import { Preview } from "./preview";

interface DashboardCardProps {
  readonly tenantSlug: string;
  readonly dashboard: Dashboard;
}

/** A dashboard as a card; all of the card is the link, which is named by the title. */
export function DashboardCard({ tenantSlug, dashboard }: DashboardCardProps) {
  return (
    <article className="relative flex h-full flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-card transition-shadow hover:shadow-raised">
      <div className="tenant-tint aspect-[8/3] border-b border-line px-4 pt-2">
        <Preview kind={dashboard.preview} seed={dashboard.slug} />
      </div>
      <div className="p-5 sm:p-6">
        <h2 className="text-lg leading-snug font-semibold tracking-tight break-words">
          <Link
            href={`/tenant/${tenantSlug}/dashboard/${dashboard.slug}`}
            className="rounded-2xl after:absolute after:inset-0 after:rounded-2xl"
          >
            {dashboard.title}
          </Link>
        </h2>
        {dashboard.description !== "" && <p className="mt-1.5 text-muted text-pretty">{dashboard.description}</p>}
      </div>
    </article>
  );
}
