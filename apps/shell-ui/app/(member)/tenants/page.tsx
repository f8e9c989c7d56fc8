import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { RefreshWhenStale } from "@/components/membership";
import { countDashboards, requireMe } from "@/lib/server/pages";
import { stampOf } from "@/lib/server/stamp";

import { TenantGrid } from "./_components/tenant-grid";

export const metadata: Metadata = { title: "Tenants" };

export default async function TenantsPage() {
  const [{ email, tenants }, counts] = await Promise.all([requireMe(), countDashboards()]);
  const [only] = tenants;
  if (only !== undefined && tenants.length === 1) {
    redirect(`/tenant/${only.slug}`);
  }
  return (
    <main id="content" className="mx-auto w-full max-w-5xl px-4 py-10 sm:px-6 sm:py-16">
      <h1 className="text-2xl font-semibold tracking-tight">Tenants</h1>
      {tenants.length === 0 ? (
        <p className="mt-2 text-muted">Nothing is assigned to {email} yet. Ask your administrator for access.</p>
      ) : (
        <>
          <p className="mt-2 text-muted">Choose whose dashboards you want to see.</p>
          <TenantGrid counts={Object.fromEntries(tenants.map(({ id, slug }) => [slug, counts.get(id) ?? null]))} />
        </>
      )}
      <RefreshWhenStale stamp={stampOf(tenants)} />
    </main>
  );
}
