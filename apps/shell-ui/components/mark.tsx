/** The Kyros mark: a K whose arm rises like a curve to its latest point. */
export function Mark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0f6b66" />
      <g fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M10 8v16" />
        <path d="M10 18.5l5-3.5 7-7" />
        <path d="M15 15l7 9" />
      </g>
      <circle cx="22" cy="8" r="2.6" fill="#8fe3da" />
    </svg>
  );
}
