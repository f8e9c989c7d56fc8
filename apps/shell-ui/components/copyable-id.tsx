"use client";

import { useEffect, useRef, useState, type ReactNode } from "react";

interface CopyableIdProps {
  readonly id: string;
  /** The id as it is shown, whole; it may be a link. */
  readonly children: ReactNode;
}

/** For so long it is said that it was copied. */
const SAID_MS = 2_000;

/** A request's id with a button that copies it, so that it can be looked for in the logs. */
export function CopyableId({ id, children }: CopyableIdProps) {
  const text = useRef<HTMLSpanElement>(null);
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => {
      setCopied(false);
    }, SAID_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(id);
      setCopied(true);
    } catch {
      // Without TLS, or where it is forbidden: marked, it is one key away.
      if (text.current !== null) {
        getSelection()?.selectAllChildren(text.current);
      }
    }
  }

  return (
    <span className="inline-flex max-w-full items-start gap-1 font-mono text-xs">
      {/* In two lines of a common id until there is room for one. */}
      <span ref={text} className="py-1 break-all md:w-[16ch] xl:w-[32ch]">
        {children}
      </span>
      <button
        type="button"
        aria-label={copied ? "Copied" : "Copy request id"}
        title={copied ? "Copied" : "Copy"}
        onClick={() => {
          void copy();
        }}
        className="grid size-6 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink"
      >
        <svg viewBox="0 0 16 16" className="size-3.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
          <path d={copied ? "m3.5 8.5 3 3 6-7" : "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"} />
        </svg>
      </button>
    </span>
  );
}
