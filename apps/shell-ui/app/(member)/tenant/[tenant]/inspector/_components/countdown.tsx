"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

import { formatCountdown } from "@/lib/countdown";

interface CountdownProps {
  /** Both in milliseconds since 1970, by the server's clock. */
  readonly expiresAt: number;
  readonly issuedAt: number;
  readonly now: number;
}

/** Counts down to a token's end, by the server's clock; then asks for what came after it. */
export function Countdown({ expiresAt, issuedAt, now }: CountdownProps) {
  const router = useRouter();
  const [left, setLeft] = useState(expiresAt - now);

  useEffect(() => {
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const remaining = expiresAt - now - (performance.now() - startedAt);
      setLeft(remaining);
      if (remaining <= 0) {
        clearInterval(timer);
        router.refresh();
      }
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, [expiresAt, now, router]);

  const share = Math.min(1, Math.max(0, left / Math.max(1, expiresAt - issuedAt)));
  return (
    <div className="mt-4">
      <p className="flex items-baseline gap-2">
        <span className="text-sm text-muted">{left > 0 ? "Ends in" : "Has ended"}</span>
        {left > 0 && (
          <span role="timer" className="text-xl font-semibold tabular-nums">
            {formatCountdown(left / 1000)}
          </span>
        )}
      </p>
      <div aria-hidden="true" className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken">
        <div className="h-full rounded-full bg-accent" style={{ width: `${(share * 100).toFixed(2)}%` }} />
      </div>
    </div>
  );
}
