/** Who is signed in: not the person, only which sign-in it was. */
export interface SessionStatus {
  /** Null when nobody is. */
  readonly id: string | null;
  readonly millisecondsLeft: number;
  /** How long before the end the person is told of it. */
  readonly noticeMilliseconds: number;
}

/** What is told shortly before a session ends. */
export interface SessionEnding {
  readonly sessionId: string;
  /** In milliseconds since 1970, by the browser's clock. */
  readonly endsAt: number;
}

const CHANNEL = "kyros-session";
const STATUS_PATH = "/auth/session";
/** What an embedded dashboard says when it was refused an answer for want of a session. */
const EMBEDDED_REFUSED = "kyros:session";
const SIGN_IN_PATH = "/sign-in";
/** Asked a little after the end, not a little before. */
const MARGIN_MS = 250;
/** While the server is away it is asked again so often. */
const AWAY_MS = 10_000;

/**
 * Keep a page from outliving the session that it was made for.
 *
 * Each page tells the browser's other tabs who it found signed in. A tab that was made for somebody
 * else asks the server, and so does one whose time is over or that comes back into view. When the
 * session has ended it leads to sign-in and from there back to the same address; when somebody else
 * is signed in it loads anew. What other tabs say is a reason to ask, never an answer; whoever asked
 * and was right says so, as the other page may be the one that is out of date.
 *
 * @param onEnding is told some time before the end
 * @returns what ends the watch
 */
export function watchSession(status: SessionStatus, onEnding: (ending: SessionEnding) => void): () => void {
  const { id } = status;
  const channel = new BroadcastChannel(CHANNEL);
  const ending = new AbortController();
  const { signal } = ending;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let announcement: ReturnType<typeof setTimeout> | undefined;

  function checkAfter(milliseconds: number) {
    clearTimeout(timer);
    timer = setTimeout(check, milliseconds + MARGIN_MS);
  }
  function follow({ millisecondsLeft, noticeMilliseconds }: SessionStatus, sessionId: string) {
    checkAfter(millisecondsLeft);
    clearTimeout(announcement);
    const endsAt = Date.now() + millisecondsLeft;
    announcement = setTimeout(() => {
      onEnding({ sessionId, endsAt });
    }, millisecondsLeft - noticeMilliseconds);
  }
  function check() {
    void ask();
  }
  /** @returns whether the server says that the page's session is still the one */
  async function ask(): Promise<boolean> {
    const now = await askStatus(signal);
    if (signal.aborted) {
      return false;
    }
    if (now === null) {
      if (id !== null) {
        checkAfter(AWAY_MS);
      }
      return false;
    }
    if (now.id !== id) {
      goOn(id, now.id);
      return false;
    }
    if (id !== null) {
      follow(now, id);
    }
    return true;
  }
  /** A tab that found somebody else may have opened after this one spoke, with a page older than that. */
  async function askAndAnswer() {
    if (await ask()) {
      channel.postMessage(id);
    }
  }

  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (data !== id) {
      void askAndAnswer();
    }
  }, { signal });
  listenToThePage(check, signal);
  if (id !== null) {
    follow(status, id);
  }
  channel.postMessage(id);

  return () => {
    ending.abort();
    clearTimeout(timer);
    clearTimeout(announcement);
    channel.close();
  };
}

/** Ask whenever the page has reason to doubt its session by itself. */
function listenToThePage(check: () => void, signal: AbortSignal): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      check();
    }
  }, { signal });
  window.addEventListener("message", ({ data, origin }: MessageEvent<{ type?: unknown } | null>) => {
    if (origin === location.origin && data?.type === EMBEDDED_REFUSED) {
      check();
    }
  }, { signal });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) {
      check();
    }
  }, { signal });
}

/** The server's answer; null while it is away. */
async function askStatus(signal: AbortSignal): Promise<SessionStatus | null> {
  try {
    const response = await fetch(STATUS_PATH, { cache: "no-store", signal });
    return response.ok ? ((await response.json()) as SessionStatus) : null;
  } catch {
    return null;
  }
}

/** The address of the view that is shown; a dashboard's filters are in it. */
export function addressHere(): string {
  return `${location.pathname}${location.search}${location.hash}`;
}

function goOn(before: string | null, now: string | null): void {
  if (before !== null && now === null) {
    // In place of this page: going back must not lead to what is over.
    location.replace(`${SIGN_IN_PATH}?${new URLSearchParams({ next: addressHere() }).toString()}`);
  } else if (before !== null || location.pathname === SIGN_IN_PATH) {
    // Who waits here to sign in has done so in another tab: the server leads on.
    location.reload();
  }
}
