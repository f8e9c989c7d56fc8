import { headers } from "next/headers";
import Link from "next/link";
import type { ReactNode } from "react";

import { noticeAction, NoticePage } from "@/components/notice-page";
import { requestIdOf } from "@/lib/server/http/request-id";

interface DeadEndPageProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A page from which nothing leads on but the way back to the person's tenants. */
export async function DeadEndPage({ title, children }: DeadEndPageProps) {
  return (
    <NoticePage
      title={title}
      tellWhen="If you expected to see it"
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
