import type { CSSProperties } from "react";

import { readableOn } from "@/lib/colour";
import { initials } from "@/lib/initials";

const DEFAULT_COLOUR = "#0f6b66";

/** What tells a tenant apart at a glance. */
export interface TenantLook {
  readonly name: string;
  readonly colour: string | null;
  readonly logo: string | null;
}

const SIZES = {
  large: { box: "size-12 rounded-xl text-base", logo: "p-1.5" },
  small: { box: "size-6 rounded-md text-[0.625rem]", logo: "p-0.5" },
} as const;

/** Hands the tenant's colour to the `tenant-*` utilities of the element and all below it. */
export function tenantStyle({ colour }: Pick<TenantLook, "colour">): CSSProperties {
  return { "--tenant": colour ?? DEFAULT_COLOUR } as CSSProperties;
}

/** A square with the tenant's logo, or in its colour with its initials. */
export function TenantTile({ tenant, size }: { readonly tenant: TenantLook; readonly size: keyof typeof SIZES }) {
  const { box, logo } = SIZES[size];
  if (tenant.logo !== null) {
    // White in the dark too: logos are drawn for paper.
    return (
      <span aria-hidden="true" className={`inline-block shrink-0 overflow-hidden bg-white ring-1 ring-line ${box} ${logo}`}>
        {/* eslint-disable-next-line @next/next/no-img-element -- small as it is; the optimiser is left out of the image */}
        <img src={tenant.logo} alt="" loading="lazy" decoding="async" className="size-full object-contain" />
      </span>
    );
  }
  const background = tenant.colour ?? DEFAULT_COLOUR;
  return (
    <span
      aria-hidden="true"
      className={`inline-grid shrink-0 place-items-center font-semibold tracking-wide select-none ${box}`}
      style={{ background, color: readableOn(background) }}
    >
      {initials(tenant.name)}
    </span>
  );
}
