import type { Metadata } from "next";

import { SiteHeader } from "@/components/site-header";
import { tenantStyle } from "@/components/tenant-tile";
import { embedPath } from "@/lib/embed-path";
import { requireDashboard } from "@/lib/server/pages";

import { DashboardFrame } from "../../_components/dashboard-frame";
import { DashboardBar } from "../../_components/dashboard-bar";

interface Props {
  readonly params: Promise<{ tenant: string; dashboard: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { tenant, dashboard } = await params;
  const page = await requireDashboard(tenant, dashboard);
  return { title: `${page.dashboard.title} · ${page.tenant.name}` };
}

export default async function DashboardPage({ params, searchParams }: Props) {
  const slugs = await params;
  const { me, tenant, dashboard } = await requireDashboard(slugs.tenant, slugs.dashboard);
  return (
    <div style={tenantStyle(tenant)} className="flex h-dvh flex-col overflow-hidden">
      <SiteHeader email={me.email} tenants={me.tenants} current={tenant} />
      <DashboardBar tenantSlug={tenant.slug} title={dashboard.title} />
      <main id="content" className="relative min-h-0 flex-1">
        <DashboardFrame
          key={`${tenant.slug}/${dashboard.slug}`}
          src={embedPath(tenant.slug, dashboard.slug, await searchParams)}
          title={dashboard.title}
        />
      </main>
    </div>
  );
}
