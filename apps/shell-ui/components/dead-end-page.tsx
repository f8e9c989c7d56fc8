import { headers } from "next/headers";
import type { ReactNode } from "react";

import { noticeAction, NoticePage } from "@/components/notice-page";
import { requestIdOf } from "@/lib/server/http/request-id";

interface DeadEndPageProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The way back. */
  readonly back: { readonly href: string; readonly text: string };
}

/** A page from which nothing leads on but the way back. */
export async function DeadEndPage({ title, children, back }: DeadEndPageProps) {
  return (
    <NoticePage
      title={title}
      tellWhen="If you expected to see it"
      requestId={requestIdOf(await headers())}
      action={
        // No Link: its script would be fetched with every page, as `app/not-found.tsx` says.
        <a href={back.href} className={noticeAction}>
          {back.text}
        </a>
      }
    >
      <p>{children}</p>
    </NoticePage>
  );
}
