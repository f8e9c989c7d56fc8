"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";

/** Ask the server anew. */
export function Refresh() {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  return (
    <button
      type="button"
      aria-disabled={pending}
      onClick={() => {
        startTransition(() => {
          router.refresh();
        });
      }}
      className="rounded-lg border border-line bg-surface px-4 py-2 text-sm font-medium hover:border-accent"
    >
      {pending ? "Refreshing…" : "Refresh"}
    </button>
  );
}
