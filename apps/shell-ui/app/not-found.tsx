import type { Metadata } from "next";

import { DeadEndPage } from "@/components/dead-end-page";
import { SessionWatch } from "@/components/session-watch";
import { pageSession } from "@/lib/server/session/status";

export const metadata: Metadata = { title: "Not found" };

/** The same page whether something does not exist or is not the person's. */
export default async function NotFound() {
  return (
    <>
      <SessionWatch {...(await pageSession())} />
      <DeadEndPage title="There is nothing here" back={{ href: "/tenants", text: "Go to your tenants" }}>
        The address may be mistyped, or it leads to something that is not yours to see.
      </DeadEndPage>
    </>
  );
}
