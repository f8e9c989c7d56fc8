import Link from "next/link";

import { Mark } from "@/components/mark";
import { PersonMenu } from "@/components/person-menu";
import { TenantSwitcher, type SwitcherTenant } from "@/components/tenant-switcher";

interface SiteHeaderProps {
  readonly email: string;
  readonly tenants: readonly SwitcherTenant[];
  /** The tenant that the page belongs to, if any, with the person's role there. */
  readonly current?: SwitcherTenant & { readonly role: string };
}

/** The bar on top of every page of a signed-in person. */
export function SiteHeader({ email, tenants, current }: SiteHeaderProps) {
  return (
    <header className="relative z-10 border-b border-line bg-surface">
      <div className="flex h-14 items-center gap-1 px-4 sm:gap-2 sm:px-6">
        <Link href="/tenants" className="flex items-center gap-2.5 rounded-lg py-1 pr-2" aria-label="Kyros, all tenants">
          <Mark className="size-7" />
          <span className={`font-semibold tracking-tight ${current === undefined ? "" : "hidden sm:inline"}`}>Kyros</span>
        </Link>
        {current !== undefined && (
          <>
            <span aria-hidden="true" className="h-5 w-px shrink-0 bg-line" />
            <TenantSwitcher tenants={tenants.map(lookOf)} current={lookOf(current)} />
          </>
        )}
        <div className="ml-auto shrink-0 pl-2">
          <PersonMenu email={email} tenant={current} />
        </div>
      </div>
    </header>
  );
}

/** What the switcher shows of a tenant; the rest is not sent to the browser. */
function lookOf({ slug, name, colour, logo }: SwitcherTenant): SwitcherTenant {
  return { slug, name, colour, logo };
}
