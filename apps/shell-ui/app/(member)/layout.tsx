import type { ReactNode } from "react";

import { Membership } from "@/components/membership";
import { SessionWatch } from "@/components/session-watch";
import { SiteHeader } from "@/components/site-header";
import { requireMe } from "@/lib/server/pages";
import { pageSession } from "@/lib/server/session/status";
import { stampOf } from "@/lib/server/stamp";

/**
 * What the pages of a signed-in person have in common. It stays while they go from page to page, so
 * it is no place to decide what they may see: each page asks for itself.
 */
export default async function MemberLayout({ children }: { readonly children: ReactNode }) {
  const { email, tenants } = await requireMe();
  return (
    <Membership
      tenants={tenants.map(({ slug, name, role, colour, logo }) => ({ slug, name, role, colour, logo }))}
      stamp={stampOf(tenants)}
    >
      {/* Before the page: its notice is reached by the keyboard without going through a dashboard. */}
      <SessionWatch {...(await pageSession())} />
      <SiteHeader email={email} />
      {children}
    </Membership>
  );
}
