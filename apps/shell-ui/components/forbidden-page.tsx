import type { ReactNode } from "react";

import { DeadEndPage } from "@/components/dead-end-page";

/** Says that something is there and not for this person; the gate has given it the status 403. */
export function ForbiddenPage({ children }: { readonly children: ReactNode }) {
  return <DeadEndPage title="This is not for your role">{children}</DeadEndPage>;
}
