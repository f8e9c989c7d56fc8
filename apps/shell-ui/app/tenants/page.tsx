import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { SiteHeader } from "@/components/site-header";
import { requireMe } from "@/lib/server/pages";

import { TenantCard } from "./_components/tenant-card";

export const metadata: Metadata = { title: "Tenants" };

export default async function TenantsPage() {
  const { email, tenants } = await requireMe();
  const [only] = tenants;
  if (only !== undefined && tenants.length === 1) {
    redirect(`/tenant/${only.slug}`);
  }
  return (
    <>
      <SiteHeader email={email} tenants={tenants} />
      <main id="content" className="mx-auto w-full max-w-5xl px-6 py-12 sm:py-16">
        <h1 className="text-2xl font-semibold tracking-tight">Tenants</h1>
        <p className="mt-2 text-muted">
          {tenants.length === 0 ? (
            <>Nothing is assigned to {email} yet. Ask your administrator for access.</>
          ) : (
            "Choose whose dashboards you want to see."
          )}
        </p>
        <ul className="mt-10 grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
          {tenants.map((tenant) => (
            <li key={tenant.slug}>
              <TenantCard tenant={tenant} />
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}
