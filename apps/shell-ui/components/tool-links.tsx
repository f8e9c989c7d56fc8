"use client";

import Link from "next/link";

import { useCurrentTenant } from "@/components/membership";
import { menuEntry } from "@/components/menu-entry";
import { toolsFor, type Tool } from "@/lib/tools";

const NAMES: Readonly<Record<Tool, string>> = { audit: "Audit log", inspector: "Inspector" };

/** The ways to the tools of the tenant that the page belongs to, where the person may use any. */
export function ToolLinks({ demo }: { readonly demo: boolean }) {
  const tenant = useCurrentTenant();
  const allowed = tenant === undefined ? [] : toolsFor(tenant.role, demo);
  if (tenant === undefined || allowed.length === 0) {
    return null;
  }
  return (
    <nav aria-label={`Tools of ${tenant.name}`} className="border-t border-line py-1.5">
      <ul>
        {allowed.map((tool) => (
          <li key={tool}>
            <Link href={`/tenant/${tenant.slug}/${tool}`} prefetch={false} className={menuEntry}>
              {NAMES[tool]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
