import type { Metadata } from "next";

import { RefreshWhenStale } from "@/components/membership";
import { tenantStyle, TenantTile } from "@/components/tenant-tile";
import { requireTenant } from "@/lib/server/pages";
import { stampOf } from "@/lib/server/stamp";

import { DashboardCard } from "./_components/dashboard-card";
import { NoDashboards } from "./_components/no-dashboards";

interface Props {
  readonly params: Promise<{ tenant: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { tenant } = await requireTenant((await params).tenant);
  return { title: tenant.name };
}

export default async function TenantPage({ params }: Props) {
  const { me, tenant, dashboards } = await requireTenant((await params).tenant);
  return (
    <main id="content" style={tenantStyle(tenant)} className="mx-auto w-full max-w-5xl px-4 py-10 sm:px-6 sm:py-16">
      <div className="flex items-center gap-4">
        <TenantTile tenant={tenant} size="large" />
        <div className="min-w-0">
          <p className="tenant-ink truncate text-sm font-medium">{tenant.name}</p>
          <h1 className="text-2xl font-semibold tracking-tight">Dashboards</h1>
        </div>
      </div>
      {dashboards.length === 0 ? (
        <NoDashboards tenantName={tenant.name} />
      ) : (
        <ul className="mt-10 grid gap-5 sm:grid-cols-2">
          {dashboards.map((dashboard) => (
            <li key={dashboard.slug}>
              <DashboardCard tenantSlug={tenant.slug} dashboard={dashboard} />
            </li>
          ))}
        </ul>
      )}
      <RefreshWhenStale stamp={stampOf(me.tenants)} />
    </main>
  );
}
