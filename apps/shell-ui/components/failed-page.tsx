"use client";

import { useEffect, useRef } from "react";

import { noticeAction, NoticePage } from "@/components/notice-page";

/** Says that a page could not be made; never why, which is in the log under the request's id. */
export function FailedPage({ error }: { readonly error: unknown }) {
  const again = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    again.current?.focus();
  }, []);
  return (
    <NoticePage
      title="That did not work"
      requestId={digestOf(error)}
      action={
        <button
          ref={again}
          type="button"
          className={noticeAction}
          onClick={() => {
            location.reload();
          }}
        >
          Try again
        </button>
      }
    >
      <p>Something went wrong on our side. Nothing of yours was changed.</p>
    </NoticePage>
  );
}

/** The server's digest of an error is the request's id, as `lib/server/page-error.ts` sets it. */
function digestOf(error: unknown): string | undefined {
  const digest = error instanceof Error && "digest" in error ? error.digest : undefined;
  return typeof digest === "string" ? digest : undefined;
}
