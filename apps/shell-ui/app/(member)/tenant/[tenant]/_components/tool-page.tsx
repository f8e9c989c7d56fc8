import Link from "next/link";
import type { ReactNode } from "react";

import { RefreshWhenStale } from "@/components/membership";
import { tenantStyle } from "@/components/tenant-tile";
import type { TenantPage } from "@/lib/server/pages";
import { stampOf } from "@/lib/server/stamp";

interface ToolPageProps {
  readonly page: TenantPage;
  readonly title: string;
  readonly introduction: ReactNode;
  readonly children: ReactNode;
}

/** A page of a tenant that is no dashboard: what it is called, what it is for, the way back. */
export function ToolPage({ page: { me, tenant }, title, introduction, children }: ToolPageProps) {
  return (
    <main
      id="content"
      tabIndex={-1}
      style={tenantStyle(tenant)}
      className="mx-auto w-full max-w-6xl px-4 py-8 outline-none sm:px-6 sm:py-12"
    >
      <Link
        href={`/tenant/${tenant.slug}`}
        className="-mx-1.5 inline-block rounded-md px-1.5 py-1 text-sm text-muted underline-offset-4 hover:text-ink hover:underline"
      >
        <span aria-hidden="true">← </span>Dashboards of {tenant.name}
      </Link>
      <h1 className="mt-2 text-2xl font-semibold tracking-tight">{title}</h1>
      <div className="mt-2 max-w-prose text-muted text-pretty">{introduction}</div>
      {children}
      <RefreshWhenStale stamp={stampOf(me.tenants)} />
    </main>
  );
}
