"use client";

import { useEffect } from "react";

const INTERVAL_MS = 2_000;

/** Asks for the page again every two seconds, and loads it once it is there. */
export function RetryUntilBack() {
  useEffect(() => {
    const timer = setInterval(() => void reloadIfBack(), INTERVAL_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <noscript>
      <meta httpEquiv="refresh" content="4" />
    </noscript>
  );
}

async function reloadIfBack(): Promise<void> {
  try {
    const response = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (response.status < 500) {
      location.reload();
    }
  } catch {
    // Not even the shell answers: the next tick asks again.
  }
}
