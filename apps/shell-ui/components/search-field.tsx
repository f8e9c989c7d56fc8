import type { ComponentProps } from "react";

/** A field to look for something by typing, with a lens. */
export function SearchField({ className = "", ...input }: ComponentProps<"input">) {
  return (
    <div className={`relative ${className}`}>
      <svg viewBox="0 0 16 16" className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round">
        <circle cx="7" cy="7" r="4.5" />
        <path d="m10.5 10.5 3.5 3.5" />
      </svg>
      <input
        type="search"
        autoComplete="off"
        spellCheck={false}
        className="w-full rounded-lg border border-field bg-surface py-2 pr-3 pl-9 text-base text-ink placeholder:text-muted sm:text-sm"
        {...input}
      />
    </div>
  );
}
