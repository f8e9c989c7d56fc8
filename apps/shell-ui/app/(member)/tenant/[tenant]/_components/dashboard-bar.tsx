import Link from "next/link";

import type { FullScreen } from "./use-full-screen";

interface DashboardBarProps {
  readonly tenantSlug: string;
  readonly title: string;
  readonly fullScreen: FullScreen;
}

/** Where the person is, the way back to the list, and the way to the full screen. */
export function DashboardBar({ tenantSlug, title, fullScreen }: DashboardBarProps) {
  return (
    <section aria-label="Dashboard" className="relative flex h-11 shrink-0 items-center gap-2 border-b border-line bg-surface px-4 text-sm sm:px-6">
      <Link href={`/tenant/${tenantSlug}`} className="shrink-0 rounded py-1 text-muted hover:text-ink">
        Dashboards
      </Link>
      <span aria-hidden="true" className="text-muted">
        /
      </span>
      <h1 className="truncate font-semibold">{title}</h1>
      <button
        type="button"
        onClick={fullScreen.toggle}
        className="ml-auto flex shrink-0 items-center gap-2 rounded-lg px-2 py-1.5 text-muted hover:bg-sunken hover:text-ink"
      >
        <svg viewBox="0 0 16 16" className="size-4" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round">
          <path d={fullScreen.on ? "M6 2.5V6H2.5 M10 2.5V6h3.5 M6 13.5V10H2.5 M10 13.5V10h3.5" : "M2.5 6V2.5H6 M13.5 6V2.5H10 M2.5 10v3.5H6 M13.5 10v3.5H10"} />
        </svg>
        <span className="sr-only sm:not-sr-only">{fullScreen.on ? "Exit full screen" : "Full screen"}</span>
      </button>
      <span aria-hidden="true" className="tenant-rule absolute inset-x-0 -bottom-px h-0.5" />
    </section>
  );
}
