import type { Metadata } from "next";

import { RefreshWhenStale } from "@/components/membership";
import { tenantStyle } from "@/components/tenant-tile";
import { requireDashboard } from "@/lib/server/pages";
import { stampOf } from "@/lib/server/stamp";
import { chosenTheme } from "@/lib/server/theme";

import { DashboardView } from "../../_components/dashboard-view";

interface Props {
  readonly params: Promise<{ tenant: string; dashboard: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { tenant, dashboard } = await params;
  const page = await requireDashboard(tenant, dashboard);
  return { title: `${page.dashboard.title} · ${page.tenant.name}` };
}

export default async function DashboardPage({ params }: Props) {
  const slugs = await params;
  const { me, tenant, dashboard } = await requireDashboard(slugs.tenant, slugs.dashboard);
  return (
    // The height that the header and a notice leave: what is in the frame scrolls by itself.
    <div style={tenantStyle(tenant)} className="flex h-[calc(100dvh-3.5rem-var(--notice))] flex-col overflow-hidden">
      <DashboardView
        key={`${tenant.slug}/${dashboard.slug}`}
        tenantSlug={tenant.slug}
        dashboardSlug={dashboard.slug}
        title={dashboard.title}
        theme={await chosenTheme()}
      />
      <RefreshWhenStale stamp={stampOf(me.tenants)} />
    </div>
  );
}
