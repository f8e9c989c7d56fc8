"use client";

import { noticeAction, NoticePage } from "@/components/notice-page";

/** Shown when a page could not be made. */
export default function ErrorPage() {
  return (
    <NoticePage title="That did not work">
      <p>Something went wrong on our side. Nothing of yours was changed.</p>
      <button
        type="button"
        className={noticeAction}
        onClick={() => {
          location.reload();
        }}
      >
        Try again
      </button>
    </NoticePage>
  );
}
