import type { Metadata } from "next";
import Link from "next/link";

import { noticeAction, NoticePage } from "@/components/notice-page";

export const metadata: Metadata = { title: "Not found" };

/** The same page whether something does not exist or is not the person's. */
export default function NotFound() {
  return (
    <NoticePage title="There is nothing here">
      <p>The address may be mistyped, or it leads to something that is not yours to see.</p>
      <Link href="/tenants" className={noticeAction}>
        Go to your tenants
      </Link>
    </NoticePage>
  );
}
