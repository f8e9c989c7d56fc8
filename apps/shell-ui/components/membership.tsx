"use client";

import { useParams, useRouter } from "next/navigation";
import { createContext, useContext, useEffect, useLayoutEffect, type ReactNode } from "react";

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
  // With the page itself, not after it: a key may be pressed at once.
  useLayoutEffect(beginAtTheTop, []);
  return <KnownTenants value={{ tenants, stamp }}>{children}</KnownTenants>;
}

/**
 * Let the keyboard begin where a new document lets it: the form that had the focus is gone, and
 * the next key would go on from where it was.
 */
function beginAtTheTop(): void {
  const { activeElement, body } = document;
  if (activeElement === body || activeElement === null) {
    body.tabIndex = -1;
    body.focus({ preventScroll: true });
    body.removeAttribute("tabindex");
  }
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
