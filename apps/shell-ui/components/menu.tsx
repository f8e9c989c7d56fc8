"use client";

import { usePathname } from "next/navigation";
import { useEffect, useRef, type ReactNode } from "react";

interface MenuProps {
  /** What the button shows. */
  readonly label: ReactNode;
  /** What is said of the button besides, to those who do not see what it is. */
  readonly purpose: string;
  /** Which edge of the button the list keeps to. */
  readonly align?: "start" | "end";
  readonly children: ReactNode;
}

/**
 * A button that opens a list below it.
 *
 * It is a `details` element, so that it works before and without any script; the script only
 * closes it by Escape, by a click elsewhere, and after going to another page.
 */
export function Menu({ label, purpose, align = "start", children }: MenuProps) {
  const ref = useRef<HTMLDetailsElement>(null);
  const pathname = usePathname();
  const openedOn = useRef(pathname);

  useEffect(() => {
    // Not where the script begins: a menu that was opened before it stays open.
    if (openedOn.current !== pathname) {
      openedOn.current = pathname;
      ref.current?.removeAttribute("open");
    }
  }, [pathname]);

  useEffect(() => {
    function closeOnEscape(event: KeyboardEvent) {
      const menu = ref.current;
      if (event.key === "Escape" && menu?.open === true) {
        menu.open = false;
        menu.querySelector("summary")?.focus();
      }
    }
    function closeOutside(event: Event) {
      const menu = ref.current;
      if (menu?.open === true && !(event.target instanceof Node && menu.contains(event.target))) {
        menu.open = false;
      }
    }
    // A click into an embedded dashboard is not seen here, but it takes the focus from the window.
    const events = ["pointerdown", "focusin", "blur"] as const;
    window.addEventListener("keydown", closeOnEscape);
    for (const event of events) {
      window.addEventListener(event, closeOutside);
    }
    return () => {
      window.removeEventListener("keydown", closeOnEscape);
      for (const event of events) {
        window.removeEventListener(event, closeOutside);
      }
    };
  }, []);

  return (
    <details ref={ref} className="group relative min-w-0">
      <summary
        className="flex min-w-0 list-none items-center gap-2 rounded-lg px-2 py-1.5 hover:bg-sunken group-open:bg-sunken"
      >
        {label}
        <span className="sr-only">, {purpose}</span>
        <svg viewBox="0 0 16 16" className="size-4 shrink-0 text-muted" aria-hidden="true">
          <path d="M5 6.5 8 9.5 11 6.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </summary>
      <div
        className={`absolute z-20 mt-2 max-h-[70dvh] w-72 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-raised ${align === "end" ? "right-0" : "left-0"}`}
      >
        {children}
      </div>
    </details>
  );
}
