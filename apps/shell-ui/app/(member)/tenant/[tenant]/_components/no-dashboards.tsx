interface NoDashboardsProps {
  readonly tenantName: string;
}

/** What stands where dashboards will be. */
export function NoDashboards({ tenantName }: NoDashboardsProps) {
  return (
    <div className="mt-10 rounded-2xl border border-dashed border-line px-6 py-14 text-center">
      <svg viewBox="0 0 64 48" className="mx-auto h-12 w-16 text-muted" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeDasharray="1 5" aria-hidden="true">
        <path d="M6 4v36a4 4 0 0 0 4 4h48M18 44V28M32 44V18M46 44V8" />
      </svg>
      <h2 className="mt-5 text-lg font-semibold tracking-tight">No dashboards yet</h2>
      <p className="mx-auto mt-1.5 max-w-md text-muted text-pretty">
        They appear here as soon as one is assigned to {tenantName}. Whoever runs this installation does that.
      </p>
    </div>
  );
}
