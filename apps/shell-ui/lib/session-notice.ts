/** When the end of a session is announced, and in which words. */

const A_MINUTE_MS = 60_000;
/** Enough to finish a thought and type a password. */
const LONGEST_NOTICE_MS = 5 * A_MINUTE_MS;
/** Of a session that is short itself. */
const SHARE = 1 / 4;
const DISMISSED_KEY = "kyros-session-notice";

/** How long before its end a session of that length is announced to end. */
export function noticeTime(lifetimeMs: number): number {
  return Math.max(0, Math.min(LONGEST_NOTICE_MS, lifetimeMs * SHARE));
}

/** Whole minutes that are left, the one that has begun among them; the last one is "less than a minute". */
export function minutesLeft(endsAt: number, now: number): number {
  return Math.max(1, Math.ceil((endsAt - now) / A_MINUTE_MS));
}

/** The same as one says it. */
export function leftInWords(minutes: number): string {
  return minutes > 1 ? `${String(minutes)} minutes` : "less than a minute";
}

/** In the browser: whether the notice of a session was put away, in whichever tab. */
export function isDismissed(sessionId: string): boolean {
  try {
    return localStorage.getItem(DISMISSED_KEY) === sessionId;
  } catch {
    // A browser may keep nothing at all: then it is put away for this page alone.
    return false;
  }
}

/** In the browser: put the notice of a session away, in all tabs. */
export function dismiss(sessionId: string): void {
  try {
    localStorage.setItem(DISMISSED_KEY, sessionId);
  } catch {
    // As above.
  }
}

/** In the browser: hear of what another tab has put away; returns what ends that. */
export function onDismiss(listener: () => void): () => void {
  const heard = ({ key }: StorageEvent) => {
    if (key === DISMISSED_KEY) {
      listener();
    }
  };
  window.addEventListener("storage", heard);
  return () => {
    window.removeEventListener("storage", heard);
  };
}
