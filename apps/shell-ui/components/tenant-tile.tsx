import type { CSSProperties } from "react";

import { readableOn } from "@/lib/colour";
import { initials } from "@/lib/initials";

const DEFAULT_COLOUR = "#0f6b66";

/** What tells a tenant apart at a glance. */
export interface TenantLook {
  readonly name: string;
  readonly colour: string | null;
}

/** Hands the tenant's colour to the `tenant-*` utilities of the element and all below it. */
export function tenantStyle({ colour }: Pick<TenantLook, "colour">): CSSProperties {
  return { "--tenant": colour ?? DEFAULT_COLOUR } as CSSProperties;
}

/** A square in the tenant's colour with its initials. */
export function TenantTile({ tenant, size }: { readonly tenant: TenantLook; readonly size: "small" | "large" }) {
  const background = tenant.colour ?? DEFAULT_COLOUR;
  const dimensions = size === "large" ? "size-12 rounded-xl text-base" : "size-6 rounded-md text-[0.625rem]";
  return (
    <span
      aria-hidden="true"
      className={`inline-grid shrink-0 place-items-center font-semibold tracking-wide select-none ${dimensions}`}
      style={{ background, color: readableOn(background) }}
    >
      {initials(tenant.name)}
    </span>
  );
}
