import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { SiteHeader } from "@/components/site-header";
import { countDashboards, requireMe } from "@/lib/server/pages";

import { TenantGrid } from "./_components/tenant-grid";

export const metadata: Metadata = { title: "Tenants" };

export default async function TenantsPage() {
  const { email, tenants } = await requireMe();
  const [only] = tenants;
  if (only !== undefined && tenants.length === 1) {
    redirect(`/tenant/${only.slug}`);
  }
  const counts = await countDashboards();
  return (
    <>
      <SiteHeader email={email} tenants={tenants} />
      <main id="content" className="mx-auto w-full max-w-5xl px-4 py-10 sm:px-6 sm:py-16">
        <h1 className="text-2xl font-semibold tracking-tight">Tenants</h1>
        {tenants.length === 0 ? (
          <p className="mt-2 text-muted">Nothing is assigned to {email} yet. Ask your administrator for access.</p>
        ) : (
          <>
            <p className="mt-2 text-muted">Choose whose dashboards you want to see.</p>
            <TenantGrid
              tenants={tenants.map(({ id, slug, name, role, colour, logo }) => ({
                slug,
                name,
                role,
                colour,
                logo,
                dashboards: counts.get(id) ?? null,
              }))}
            />
          </>
        )}
      </main>
    </>
  );
}
