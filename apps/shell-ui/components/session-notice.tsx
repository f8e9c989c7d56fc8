"use client";

import { useEffect, useRef, useState, useSyncExternalStore, type RefObject, type SubmitEvent } from "react";
import { createPortal } from "react-dom";

import { dismiss, isDismissed, leftInWords, minutesLeft, onDismiss } from "@/lib/session-notice";
import { addressHere, type SessionEnding } from "@/lib/session-watch";

/** After the place for it is there: what comes into the page with it is not read out by every screen reader. */
const SAID_AFTER_MS = 250;

/**
 * Says that the session is about to end, and leads through the sign-in form back to the same view.
 *
 * At the foot of the window, which makes room for it, so that it covers nothing; within whatever has
 * the full screen, for nothing else can be seen or clicked then. Put away in one tab, it is put away
 * in all.
 */
export default function SessionNotice({ sessionId, endsAt }: SessionEnding) {
  const [dismissed, setDismissed] = useState(false);
  const dismissedElsewhere = useSyncExternalStore(onDismiss, () => isDismissed(sessionId));
  const fullScreen = useSyncExternalStore(onFullScreen, () => document.fullscreenElement);
  if (dismissed || dismissedElsewhere) {
    return null;
  }
  const bar = (
    <Bar
      endsAt={endsAt}
      onDismiss={() => {
        dismiss(sessionId);
        setDismissed(true);
      }}
    />
  );
  return fullScreen === null ? bar : createPortal(bar, fullScreen);
}

function onFullScreen(listener: () => void): () => void {
  document.addEventListener("fullscreenchange", listener);
  return () => {
    document.removeEventListener("fullscreenchange", listener);
  };
}

function Bar({ endsAt, onDismiss }: { readonly endsAt: number; readonly onDismiss: () => void }) {
  const ref = useRef<HTMLElement>(null);
  const minutes = useMinutesLeft(endsAt);
  const said = useSaid();
  useRoomFor(ref);
  return (
    <section
      ref={ref}
      aria-label="Your session"
      className={`fixed inset-x-0 bottom-0 z-50 border-t border-line bg-surface transition-opacity duration-300 ${said ? "" : "opacity-0"}`}
    >
      <div className="flex items-center gap-3 px-4 py-2 text-sm sm:justify-center sm:px-6">
        <p role="status" className="min-w-0 flex-1 sm:flex-none">
          {/* It has its room from the start, so that nothing moves when it is said. */}
          <span className={said ? "" : "invisible"}>
            Your session ends in{" "}
            {/* Heard with the sentence, and again in the last minute; not every minute in between. */}
            {minutes > 1 ? <span aria-live="off">{leftInWords(minutes)}</span> : leftInWords(minutes)}.
          </span>
        </p>
        <form method="post" action="/auth/sign-out" onSubmit={rememberView} className="shrink-0">
          <input type="hidden" name="next" />
          <button type="submit" className="rounded-lg bg-accent px-3 py-1.5 font-semibold text-on-accent hover:bg-accent-strong">
            Sign in again
          </button>
        </form>
        <button
          type="button"
          aria-label="Dismiss"
          onClick={onDismiss}
          className="-mr-2 grid size-8 shrink-0 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
        >
          <svg viewBox="0 0 16 16" className="size-4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
            <path d="m4 4 8 8m0-8-8 8" />
          </svg>
        </button>
      </div>
    </section>
  );
}

/** Not before: a dashboard's filters are in the address, and change. */
function rememberView(event: SubmitEvent<HTMLFormElement>) {
  const next = event.currentTarget.elements.namedItem("next");
  if (next instanceof HTMLInputElement) {
    next.value = addressHere();
  }
}

function useMinutesLeft(endsAt: number): number {
  const [minutes, setMinutes] = useState(() => minutesLeft(endsAt, Date.now()));
  useEffect(() => {
    const timer = setInterval(() => {
      setMinutes(minutesLeft(endsAt, Date.now()));
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, [endsAt]);
  return minutes;
}

function useSaid(): boolean {
  const [said, setSaid] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSaid(true);
    }, SAID_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return said;
}

/** Tells the page how much room it is to leave. */
function useRoomFor(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const bar = ref.current;
    const { style } = document.documentElement;
    if (bar === null) {
      return;
    }
    const measured = new ResizeObserver(() => {
      style.setProperty("--notice", `${String(bar.offsetHeight)}px`);
    });
    measured.observe(bar);
    return () => {
      measured.disconnect();
      style.removeProperty("--notice");
    };
  }, [ref]);
}
