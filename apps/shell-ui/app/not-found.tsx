import type { Metadata } from "next";
import { headers } from "next/headers";
import Link from "next/link";

import { noticeAction, NoticePage } from "@/components/notice-page";
import { requestIdOf } from "@/lib/server/request-id";

export const metadata: Metadata = { title: "Not found" };

/** The same page whether something does not exist or is not the person's. */
export default async function NotFound() {
  return (
    <NoticePage
      title="There is nothing here"
      requestId={requestIdOf(await headers())}
      action={
        <Link href="/tenants" className={noticeAction}>
          Go to your tenants
        </Link>
      }
    >
      <p>The address may be mistyped, or it leads to something that is not yours to see.</p>
    </NoticePage>
  );
}
