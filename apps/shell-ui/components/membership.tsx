"use client";

import { useParams, useRouter } from "next/navigation";
import { createContext, useContext, useEffect, type ReactNode } from "react";

import type { TenantLook } from "@/components/tenant-tile";

/** A tenant of the person's, as every page knows it. */
export interface OwnTenant extends TenantLook {
  readonly slug: string;
  readonly role: string;
}

interface Known {
  readonly tenants: readonly OwnTenant[];
  readonly stamp: string;
}

interface MembershipProps extends Known {
  readonly children: ReactNode;
}

const KnownTenants = createContext<Known>({ tenants: [], stamp: "" });

/** Tells all below it the person's tenants: sent once, and not again with each page of theirs. */
export function Membership({ tenants, stamp, children }: MembershipProps) {
  return <KnownTenants value={{ tenants, stamp }}>{children}</KnownTenants>;
}

/** The person's tenants, by name. */
export function useTenants(): readonly OwnTenant[] {
  return useContext(KnownTenants).tenants;
}

/** The tenant that the page belongs to, if it is one of the person's. */
export function useCurrentTenant(): OwnTenant | undefined {
  const { tenant } = useParams();
  return useTenants().find(({ slug }) => slug === tenant);
}

/** Has the tenants sent anew when they are no longer those that a page was made with. */
export function RefreshWhenStale({ stamp }: { readonly stamp: string }) {
  const router = useRouter();
  const known = useContext(KnownTenants).stamp;
  useEffect(() => {
    if (stamp !== known) {
      router.refresh();
    }
  }, [router, stamp, known]);
  return null;
}
