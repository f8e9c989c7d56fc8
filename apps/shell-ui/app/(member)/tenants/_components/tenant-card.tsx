import Link from "next/link";

import type { OwnTenant } from "@/components/membership";
import { tenantStyle, TenantTile } from "@/components/tenant-tile";

interface TenantCardProps {
  readonly tenant: OwnTenant;
  /** How many it has; null when that could not be had. */
  readonly dashboards: number | null;
  /** Whether its page is fetched before it is asked for, which many cards at once should not. */
  readonly prefetch: boolean;
}

/** A tenant as a card in its colour; all of the card is the link. */
export function TenantCard({ tenant, dashboards, prefetch }: TenantCardProps) {
  return (
    <article
      style={tenantStyle(tenant)}
      className="relative h-full overflow-hidden rounded-2xl border border-line bg-surface shadow-card transition-shadow hover:shadow-raised"
    >
      <div aria-hidden="true" className="tenant-rule h-1" />
      <div className="flex items-center gap-4 p-5">
        <TenantTile tenant={tenant} size="large" />
        <div className="min-w-0">
          <h2 className="text-lg leading-snug font-semibold tracking-tight break-words">
            <Link
              href={`/tenant/${tenant.slug}`}
              prefetch={prefetch ? null : false}
              className="rounded-2xl after:absolute after:inset-0 after:rounded-2xl"
            >
              {tenant.name}
            </Link>
          </h2>
          <p className="mt-0.5 text-sm text-muted">
            <span className="capitalize">{tenant.role}</span>
            {dashboards !== null && ` · ${dashboardsOf(dashboards)}`}
          </p>
        </div>
      </div>
    </article>
  );
}

function dashboardsOf(count: number): string {
  if (count === 0) {
    return "no dashboards yet";
  }
  return count === 1 ? "1 dashboard" : `${String(count)} dashboards`;
}
