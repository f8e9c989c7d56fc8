"use client";

import { lazy, Suspense, useEffect, useState } from "react";

import { watchSession, type SessionEnding, type SessionStatus } from "@/lib/session-watch";

/** Fetched when it is needed, which for most people is never; where it cannot be had the page goes on without. */
const SessionNotice = lazy(() => import("./session-notice").catch(() => ({ default: () => null })));

/** Ends what a page shows when the session ends that it was made for, in whichever tab; and says so before. */
export function SessionWatch({ id, millisecondsLeft, noticeMilliseconds }: SessionStatus) {
  const [ending, setEnding] = useState<SessionEnding | null>(null);
  useEffect(
    () => watchSession({ id, millisecondsLeft, noticeMilliseconds }, setEnding),
    [id, millisecondsLeft, noticeMilliseconds],
  );
  return ending === null ? null : (
    <Suspense fallback={null}>
      <SessionNotice {...ending} />
    </Suspense>
  );
}
