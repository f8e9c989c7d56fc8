import Link from "next/link";

import { Menu } from "@/components/menu";
import { TenantTile, type TenantLook } from "@/components/tenant-tile";

export interface SwitcherTenant extends TenantLook {
  readonly slug: string;
  readonly role: string;
}

interface TenantSwitcherProps {
  readonly tenants: readonly SwitcherTenant[];
  readonly current: SwitcherTenant;
}

/** The current tenant, and the way to the person's others. */
export function TenantSwitcher({ tenants, current }: TenantSwitcherProps) {
  const label = (
    <>
      <TenantTile tenant={current} size="small" />
      <span className="truncate text-sm font-medium">{current.name}</span>
    </>
  );
  if (tenants.length < 2) {
    return (
      <Link href={`/tenant/${current.slug}`} className="flex min-w-0 items-center gap-2 rounded-lg px-2 py-1.5 hover:bg-sunken">
        {label}
      </Link>
    );
  }
  return (
    <Menu label={label} purpose="change tenant">
      <nav aria-label="Tenants">
        <ul>
          {tenants.map((tenant) => (
            <li key={tenant.slug}>
              <SwitcherLink tenant={tenant} current={tenant.slug === current.slug} />
            </li>
          ))}
        </ul>
      </nav>
    </Menu>
  );
}

function SwitcherLink({ tenant, current }: { readonly tenant: SwitcherTenant; readonly current: boolean }) {
  return (
    <Link
      href={`/tenant/${tenant.slug}`}
      aria-current={current ? "true" : undefined}
      className="flex items-center gap-3 rounded-lg px-3 py-2.5 text-sm hover:bg-sunken"
    >
      <TenantTile tenant={tenant} size="small" />
      <span className={`min-w-0 truncate ${current ? "font-semibold" : ""}`}>{tenant.name}</span>
      {current && (
        <svg viewBox="0 0 16 16" className="ml-auto size-4 shrink-0 text-accent" aria-hidden="true">
          <path d="m3.5 8.5 3 3 6-7" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      )}
    </Link>
  );
}
