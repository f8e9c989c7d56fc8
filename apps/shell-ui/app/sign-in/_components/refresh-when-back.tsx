"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const INTERVAL_MS = 2_000;

/**
 * Asks for the page again every two seconds, and renews it once it is there.
 *
 * Renews, not reloads: what has been typed stays.
 */
export function RefreshWhenBack() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      void isBack().then((back) => {
        if (back) {
          router.refresh();
        }
      });
    }, INTERVAL_MS);
    return () => {
      clearInterval(timer);
    };
  }, [router]);
  return null;
}

async function isBack(): Promise<boolean> {
  try {
    const response = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    return response.ok;
  } catch {
    // Not even the shell answers: the next tick asks again.
    return false;
  }
}
