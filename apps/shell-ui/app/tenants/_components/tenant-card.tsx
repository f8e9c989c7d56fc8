import Link from "next/link";

import { tenantStyle, TenantTile } from "@/components/tenant-tile";
import type { Tenant } from "@/lib/server/api";

/** A tenant as a card in its colour; all of the card is the link. */
export function TenantCard({ tenant }: { readonly tenant: Tenant }) {
  return (
    <article
      style={tenantStyle(tenant)}
      className="relative h-full overflow-hidden rounded-2xl border border-line bg-surface shadow-card transition-shadow hover:shadow-raised"
    >
      <div aria-hidden="true" className="tenant-rule h-1" />
      <div className="flex items-center gap-4 p-6">
        <TenantTile tenant={tenant} size="large" />
        <div className="min-w-0">
          <h2 className="text-lg leading-snug font-semibold tracking-tight">
            <Link href={`/tenant/${tenant.slug}`} className="rounded-2xl after:absolute after:inset-0 after:rounded-2xl">
              {tenant.name}
            </Link>
          </h2>
          <p className="mt-0.5 text-sm text-muted capitalize">{tenant.role}</p>
        </div>
      </div>
    </article>
  );
}
