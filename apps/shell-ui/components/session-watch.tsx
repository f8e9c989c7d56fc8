"use client";

import { useEffect } from "react";

import { watchSession, type SessionStatus } from "@/lib/session-watch";

/** Ends what a page shows when the session ends that it was made for, in whichever tab. */
export function SessionWatch({ id, millisecondsLeft }: SessionStatus) {
  useEffect(() => watchSession({ id, millisecondsLeft }), [id, millisecondsLeft]);
  return null;
}
