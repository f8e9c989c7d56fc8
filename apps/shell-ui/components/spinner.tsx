/** Says that something goes on; the words beside it say what. */
export function Spinner({ className = "" }: { readonly className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={`inline-block size-4 animate-spin rounded-full border-2 border-line border-t-accent align-[-0.15em] ${className}`}
    />
  );
}
