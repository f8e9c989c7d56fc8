import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { leftInWords, minutesLeft, noticeTime } from "@/lib/session-notice";
import { watchSession, type SessionEnding, type SessionStatus } from "@/lib/session-watch";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("noticeTime", () => {
  it.each([
    ["an hour", HOUR, 5 * MINUTE],
    ["a day", 24 * HOUR, 5 * MINUTE],
    ["ten minutes", 10 * MINUTE, 2.5 * MINUTE],
    ["eight seconds", 8_000, 2_000],
    ["no time at all", -1, 0],
  ])("of %s is %o", (_, lifetime, expected) => {
    expect(noticeTime(lifetime)).toBe(expected);
  });
});

describe("the countdown", () => {
  it.each([
    [5 * MINUTE, "5 minutes"],
    [4 * MINUTE + 1, "5 minutes"],
    [4 * MINUTE, "4 minutes"],
    [MINUTE + 1, "2 minutes"],
    [MINUTE, "less than a minute"],
    [0, "less than a minute"],
    [-MINUTE, "less than a minute"],
  ])("with %o ms left says %o", (left, expected) => {
    expect(leftInWords(minutesLeft(1_000 * HOUR + left, 1_000 * HOUR))).toBe(expected);
  });
});

/** What a page has, as far as the watch needs it. */
function stubBrowser(answer: () => SessionStatus | null) {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const location = { pathname: "/tenant/acme/dashboard/risk", search: "?tab=model", hash: "", origin: "o", replace: vi.fn(), reload: vi.fn() };
  const fetch = vi.fn(() => {
    const status = answer();
    return status === null ? Promise.reject(new Error("away")) : Promise.resolve(Response.json(status));
  });
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("location", location);
  vi.stubGlobal("fetch", fetch);
  vi.stubGlobal("BroadcastChannel", class extends EventTarget {
    postMessage = vi.fn();
    close = vi.fn();
  });
  return { page, location, fetch };
}

describe("the watch", () => {
  const session = (millisecondsLeft: number): SessionStatus => ({ id: "s", millisecondsLeft, noticeMilliseconds: 5 * MINUTE });
  let told: SessionEnding[] = [];
  let stop: () => void = () => undefined;
  const watch = (status: SessionStatus) => {
    stop = watchSession(status, (ending) => {
      told.push(ending);
    });
  };

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it("tells of the end five minutes before, once, and then leads to sign-in and back", async () => {
    const { location } = stubBrowser(() => ({ id: null, millisecondsLeft: 0, noticeMilliseconds: 0 }));
    watch(session(HOUR));
    const endsAt = Date.now() + HOUR;
    await vi.advanceTimersByTimeAsync(55 * MINUTE - 1);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([{ sessionId: "s", endsAt }]);
    await vi.advanceTimersByTimeAsync(5 * MINUTE + 1_000);
    expect(told).toHaveLength(1);
    expect(location.replace).toHaveBeenCalledWith("/sign-in?next=%2Ftenant%2Facme%2Fdashboard%2Frisk%3Ftab%3Dmodel");
  });

  it("tells at once where less is left", async () => {
    stubBrowser(() => null);
    watch(session(2 * MINUTE));
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([{ sessionId: "s", endsAt: Date.now() + 2 * MINUTE }]);
  });

  it("goes by the server's word after the machine has slept", async () => {
    let left = HOUR;
    const { page } = stubBrowser(() => session(left));
    watch(session(left));
    left = 3 * MINUTE;
    page.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([{ sessionId: "s", endsAt: Date.now() + 3 * MINUTE }]);
  });

  it("tells nobody who is not signed in, nor after it has been stopped", async () => {
    const { fetch } = stubBrowser(() => null);
    watch({ id: null, millisecondsLeft: 0, noticeMilliseconds: 0 });
    await vi.advanceTimersByTimeAsync(HOUR);
    stop();
    watch(session(HOUR));
    stop();
    await vi.advanceTimersByTimeAsync(2 * HOUR);
    expect(told).toEqual([]);
    expect(fetch).not.toHaveBeenCalled();
  });
});
