"use client";

import Link from "next/link";

import { Mark } from "@/components/mark";
import { useCurrentTenant, useTenants } from "@/components/membership";
import { TenantSwitcher } from "@/components/tenant-switcher";

/** The way to all tenants, and the one that the page belongs to, with the way to the others. */
export function HeaderTenant() {
  const tenants = useTenants();
  const current = useCurrentTenant();
  return (
    <>
      <Link href="/tenants" className="flex items-center gap-2.5 rounded-lg py-1 pr-2" aria-label="Kyros, all tenants">
        <Mark className="size-7" />
        <span className={`font-semibold tracking-tight ${current === undefined ? "" : "hidden sm:inline"}`}>Kyros</span>
      </Link>
      {current !== undefined && (
        <>
          <span aria-hidden="true" className="h-5 w-px shrink-0 bg-line" />
          <TenantSwitcher tenants={tenants} current={current} />
        </>
      )}
    </>
  );
}
