import type { ReactNode } from "react";

import { DeadEndPage } from "@/components/dead-end-page";

interface ForbiddenPageProps {
  /** The tenant that the person does belong to. */
  readonly tenantSlug: string;
  readonly children: ReactNode;
}

/** Says that something is there and not for this person; the gate has given it the status 403. */
export function ForbiddenPage({ tenantSlug, children }: ForbiddenPageProps) {
  return (
    <DeadEndPage title="This is not for your role" back={{ href: `/tenant/${tenantSlug}`, text: "Go to the dashboards" }}>
      {children}
    </DeadEndPage>
  );
}
