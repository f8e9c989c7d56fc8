const FILTERS = ["period", "segment", "region", "kind"];
const KEY_FIGURES = ["customers", "orders", "revenue", "share"];
const CHARTS = ["one", "two"];

/** The outline of a dashboard, which fades as soon as there is one; it has its paper and its measures. */
export function Skeleton({ gone }: { readonly gone: boolean }) {
  return (
    <div
      role="status"
      className={`pointer-events-none absolute inset-0 overflow-hidden bg-paper transition-[opacity,visibility] duration-300 ${gone ? "invisible opacity-0" : ""}`}
    >
      {!gone && <span className="sr-only">The dashboard is loading.</span>}
      <div
        aria-hidden="true"
        className={`mx-auto max-w-[1280px] px-4 pt-4.5 sm:px-8 sm:pt-7 *:*:rounded-lg *:*:bg-sunken ${gone ? "" : "animate-pulse"}`}
      >
        <div className="grid gap-4">
          <div className="h-4 w-72 max-w-full" />
          <div className="h-6 w-lg max-w-full" />
        </div>
        <div className="mt-7 grid gap-5 sm:grid-cols-2 lg:grid-cols-4">
          {FILTERS.map((filter) => (
            <div key={filter} className="h-9 max-sm:not-first:hidden" />
          ))}
        </div>
        <div className="mt-8 grid grid-cols-2 gap-7 lg:grid-cols-4">
          {KEY_FIGURES.map((figure) => (
            <div key={figure} className="h-14" />
          ))}
        </div>
        <div className="mt-10 grid gap-12 lg:grid-cols-2">
          {CHARTS.map((chart) => (
            <div key={chart} className="h-96" />
          ))}
        </div>
      </div>
    </div>
  );
}
