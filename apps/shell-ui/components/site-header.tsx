import Link from "next/link";

import { Mark } from "@/components/mark";
import { TenantSwitcher, type SwitcherTenant } from "@/components/tenant-switcher";

interface SiteHeaderProps {
  readonly email: string;
  readonly tenants: readonly SwitcherTenant[];
  /** The tenant that the page belongs to, if any. */
  readonly current?: SwitcherTenant;
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
            <TenantSwitcher tenants={tenants} current={current} />
          </>
        )}
        <div className="ml-auto flex shrink-0 items-center gap-3 pl-2">
          <span className="hidden text-sm text-muted md:inline">{email}</span>
          <form method="post" action="/auth/sign-out">
            <button
              type="submit"
              className="rounded-lg border border-line px-3 py-1.5 text-sm font-medium whitespace-nowrap hover:bg-sunken"
            >
              Sign out
            </button>
          </form>
        </div>
      </div>
    </header>
  );
}
