import { headers } from "next/headers";
import Link from "next/link";
import type { ReactNode } from "react";

import { noticeAction, NoticePage } from "@/components/notice-page";
import { requestIdOf } from "@/lib/server/request-id";

/** Says that something is there and not for this person; the gate has given it the status 403. */
export async function ForbiddenPage({ children }: { readonly children: ReactNode }) {
  return (
    <NoticePage
      title="This is not for your role"
      requestId={requestIdOf(await headers())}
      action={
        <Link href="/tenants" className={noticeAction}>
          Go to your tenants
        </Link>
      }
    >
      <p>{children}</p>
    </NoticePage>
  );
}
