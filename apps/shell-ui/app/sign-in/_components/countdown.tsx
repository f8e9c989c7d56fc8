"use client";

import { useEffect, useState } from "react";

import { waitInWords } from "@/lib/wait-in-words";

/**
 * How long there is still to wait, second by second, and then that it is over.
 *
 * A screen reader hears how long at the beginning and when it is over, not every second.
 */
export function Countdown({ seconds }: { readonly seconds: number }) {
  const left = useSecondsLeft(seconds);
  if (left === 0) {
    return <strong className="font-semibold">You can try again now.</strong>;
  }
  return (
    <>
      <span className="sr-only">Try again in {waitInWords(seconds)}.</span>
      <strong aria-hidden="true" className="font-semibold tabular-nums">
        Try again in {waitInWords(left)}.
      </strong>
    </>
  );
}

function useSecondsLeft(seconds: number): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    // By the clock, not by counting ticks: a tab in the background gets few of them.
    const end = Date.now() + seconds * 1000;
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(now);
      if (now === 0) {
        clearInterval(timer);
      }
    }, 250);
    return () => {
      clearInterval(timer);
    };
  }, [seconds]);
  return left;
}
