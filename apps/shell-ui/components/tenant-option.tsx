import Link from "next/link";
import type { MouseEvent, Ref } from "react";

import type { OwnTenant } from "@/components/membership";
import { TenantTile } from "@/components/tenant-tile";

interface TenantOptionProps {
  readonly tenant: OwnTenant;
  readonly current: boolean;
  readonly role: "menuitem" | "option";
  /** Whether the keyboard is at it, where the focus itself stays in a field. */
  readonly active?: boolean;
  readonly id?: string;
  readonly ref?: Ref<HTMLAnchorElement>;
  readonly onClick: (event: MouseEvent) => void;
}

/** A tenant to go to, in the switcher. */
export function TenantOption({ tenant, current, role, active = false, id, ref, onClick }: TenantOptionProps) {
  return (
    <Link
      ref={ref}
      id={id}
      href={`/tenant/${tenant.slug}`}
      role={role}
      tabIndex={-1}
      // A list of many would fetch them all.
      prefetch={false}
      aria-current={current ? "true" : undefined}
      aria-selected={role === "option" ? active : undefined}
      onClick={onClick}
      className={`flex items-center gap-3 rounded-lg px-3 py-2.5 text-sm hover:bg-sunken focus-visible:-outline-offset-2 ${active ? "bg-sunken outline-2 -outline-offset-2 outline-accent" : ""}`}
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
