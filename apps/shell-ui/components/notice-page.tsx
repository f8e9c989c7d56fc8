import type { ReactNode } from "react";

import { Mark } from "@/components/mark";

interface NoticePageProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The way on. */
  readonly action?: ReactNode;
  /** By what the people who run the installation find this very request in their logs. */
  readonly requestId?: string | undefined;
  /** When they are to be told it. */
  readonly tellWhen?: string;
}

/** A page that has one thing to say: nothing here, not for you, went wrong. */
export function NoticePage({ title, children, action, requestId, tellWhen = "If it stays so" }: NoticePageProps) {
  return (
    <main id="content" tabIndex={-1} className="grid flex-1 place-items-center px-6 py-16 outline-none">
      <div className="w-full max-w-md text-center">
        <Mark className="mx-auto size-10" />
        <h1 className="mt-8 text-2xl font-semibold tracking-tight text-balance">{title}</h1>
        <div className="mt-3 text-muted text-balance">{children}</div>
        {action}
        {requestId !== undefined && (
          <p className="mt-10 text-xs text-muted">
            {tellWhen}, tell whoever runs this installation the request id
            <code className="mt-1 block font-mono break-all text-ink select-all">{requestId}</code>
          </p>
        )}
      </div>
    </main>
  );
}

/** The look of the one thing to do on such a page. */
export const noticeAction =
  "mt-8 inline-block rounded-lg bg-accent px-4 py-2.5 text-sm font-semibold text-on-accent hover:bg-accent-strong";
