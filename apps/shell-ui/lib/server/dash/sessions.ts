import "server-only";

import { hasEnded } from "../session/ended";
import { openSession, type Session } from "../session/session";
import { singleton } from "../singleton";
import { cookiesOf } from "./cookies";

/** Opening a cookie takes longer than all else that the proxy does; a dashboard sends the same one each time. */
const KEPT = 500;
const opened = singleton("opened-sessions", () => new Map<string, Session>());

/** The session of a request, or null when there is none, or it is not ours, or it is over. */
export async function sessionOf(cookieHeader: string | null): Promise<Session | null> {
  if (cookieHeader === null) {
    return null;
  }
  const known = opened.get(cookieHeader);
  if (known !== undefined && known.expiresAt * 1000 > Date.now() && !hasEnded(known.id)) {
    return known;
  }
  opened.delete(cookieHeader);
  const session = await openSession(cookiesOf(cookieHeader));
  if (session !== null) {
    const oldest = opened.keys().next();
    if (opened.size >= KEPT && oldest.done !== true) {
      opened.delete(oldest.value);
    }
    opened.set(cookieHeader, session);
  }
  return session;
}
