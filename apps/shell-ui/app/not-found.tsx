import type { Metadata } from "next";

import { DeadEndPage } from "@/components/dead-end-page";

export const metadata: Metadata = { title: "Not found" };

/**
 * The same page whether something does not exist or is not the person's.
 *
 * Without any script of its own, nor the watch of the session, since it shows nothing of anybody:
 * Next sends it along with every other page, in case that turns out to be missing.
 */
export default function NotFound() {
  return (
    <DeadEndPage title="There is nothing here" back={{ href: "/tenants", text: "Go to your tenants" }}>
      The address may be mistyped, or it leads to something that is not yours to see.
    </DeadEndPage>
  );
}
