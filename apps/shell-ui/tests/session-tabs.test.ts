import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { watchSession } from "@/lib/session-watch";

/** The browser's tabs: each channel hears what all others say. */
class Channels {
  readonly open = new Set<EventTarget>();

  kind() {
    const { open } = this;
    return class extends EventTarget {
      constructor() {
        super();
        open.add(this);
      }
      postMessage(data: unknown) {
        for (const other of open) {
          if (other !== this) {
            queueMicrotask(() => other.dispatchEvent(new MessageEvent("message", { data })));
          }
        }
      }
      close() {
        open.delete(this);
      }
    };
  }
}

describe("tabs that watch the same session", () => {
  const location = { pathname: "/sign-in", search: "", hash: "", origin: "o", replace: vi.fn(), reload: vi.fn() };
  const fetch = vi.fn();
  let signedIn: string | null = null;
  const ends: (() => void)[] = [];

  function openTab(id: string | null) {
    ends.push(watchSession({ id, millisecondsLeft: 3_600_000, noticeMilliseconds: 0 }, () => undefined));
  }

  /** Let all be said and asked that is to be; the timers of an hour's end do not run. */
  async function settle() {
    await vi.advanceTimersByTimeAsync(1_000);
  }

  beforeEach(() => {
    vi.useFakeTimers();
    fetch.mockReset().mockImplementation(() =>
      Promise.resolve(Response.json({ id: signedIn, millisecondsLeft: 3_600_000, noticeMilliseconds: 0 })),
    );
    location.replace.mockReset();
    location.reload.mockReset();
    vi.stubGlobal("document", new EventTarget());
    vi.stubGlobal("window", new EventTarget());
    vi.stubGlobal("location", location);
    vi.stubGlobal("fetch", fetch);
    vi.stubGlobal("BroadcastChannel", new Channels().kind());
  });

  afterEach(() => {
    for (const end of ends.splice(0)) {
      end();
    }
    vi.useRealTimers();
  });

  it("ask nothing while all of them are of the same sign-in", async () => {
    signedIn = "s";
    openTab("s");
    openTab("s");
    await settle();
    expect(fetch).not.toHaveBeenCalled();
  });

  it("go on when one of them finds that somebody has signed in", async () => {
    openTab(null);
    signedIn = "s";
    openTab("s");
    await settle();
    expect(location.reload).toHaveBeenCalledOnce();
  });

  it("tell the one that opens with a page from before the sign-in", async () => {
    signedIn = "s";
    openTab("s");
    openTab(null);
    await settle();
    expect(location.reload).toHaveBeenCalledOnce();
  });

  it("come to rest: each asks once", async () => {
    signedIn = "s";
    openTab("s");
    openTab("before");
    await settle();
    expect(location.reload).toHaveBeenCalledOnce();
    expect(fetch.mock.calls.length).toBeLessThanOrEqual(3);
  });
});
