import type { Metadata } from "next";

import { NoticePage } from "@/components/notice-page";
import { RetryUntilBack } from "@/components/retry-until-back";
import { Spinner } from "@/components/spinner";

export const metadata: Metadata = { title: "Away for a moment" };

/** Shown in place of any page, with status 503, while the API is away. */
export default function ServiceUnavailablePage() {
  return (
    <NoticePage title="Kyros is away for a moment">
      <p role="status">
        <Spinner className="mr-2" />
        This page tries again by itself and goes on as soon as it can.
      </p>
      <RetryUntilBack />
    </NoticePage>
  );
}
