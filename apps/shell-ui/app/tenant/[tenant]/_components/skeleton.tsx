const KEY_FIGURES = ["customers", "orders", "revenue", "share"];

/** The outline of a dashboard, which fades as soon as there is one. */
export function Skeleton({ gone }: { readonly gone: boolean }) {
  return (
    <div
      role="status"
      className={`pointer-events-none absolute inset-0 overflow-hidden bg-canvas p-4 transition-[opacity,visibility] duration-300 sm:p-6 ${gone ? "invisible opacity-0" : ""}`}
    >
      {!gone && <span className="sr-only">The dashboard is loading.</span>}
      <div aria-hidden="true" className={`mx-auto grid max-w-6xl gap-5 ${gone ? "" : "animate-pulse"}`}>
        <div className="h-8 w-64 max-w-full rounded-lg bg-sunken" />
        <div className="h-10 rounded-lg bg-sunken" />
        <div className="grid grid-cols-2 gap-4 lg:grid-cols-4">
          {KEY_FIGURES.map((figure) => (
            <div key={figure} className="h-24 rounded-xl bg-sunken" />
          ))}
        </div>
        <div className="h-80 rounded-xl bg-sunken" />
        <div className="grid gap-5 lg:grid-cols-2">
          <div className="h-64 rounded-xl bg-sunken" />
          <div className="h-64 rounded-xl bg-sunken" />
        </div>
      </div>
    </div>
  );
}
