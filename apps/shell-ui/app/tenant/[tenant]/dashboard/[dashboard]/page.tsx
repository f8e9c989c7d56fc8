import type { Metadata } from "next";

import { SiteHeader } from "@/components/site-header";
import { tenantStyle } from "@/components/tenant-tile";
import { requireDashboard } from "@/lib/server/pages";
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
    <div style={tenantStyle(tenant)} className="flex h-[calc(100dvh-var(--notice))] flex-col overflow-hidden">
      <SiteHeader email={me.email} tenants={me.tenants} current={tenant} />
      <DashboardView
        key={`${tenant.slug}/${dashboard.slug}`}
        tenantSlug={tenant.slug}
        dashboardSlug={dashboard.slug}
        title={dashboard.title}
        theme={await chosenTheme()}
      />
    </div>
  );
}
