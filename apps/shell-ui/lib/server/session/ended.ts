import "server-only";

import { singleton } from "../singleton";

/** Sessions that were signed out before their time, by id, with the end they would have had. */
const ended = singleton("ended-sessions", () => new Map<string, number>());

/**
 * Remember that a session is over, so that a copy of its cookie opens nothing either.
 *
 * In the memory of this process. Another replica opens such a copy, and learns from the API, which was
 * told of the sign-out, that its user token is good for nothing.
 */
export function endSession(id: string, expiresAt: number): void {
  const now = Date.now() / 1000;
  for (const [known, end] of ended) {
    if (end < now) {
      ended.delete(known);
    }
  }
  ended.set(id, expiresAt);
}

/** Whether a session was signed out. */
export function hasEnded(id: string): boolean {
  return ended.has(id);
}
