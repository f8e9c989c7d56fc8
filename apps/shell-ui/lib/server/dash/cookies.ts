import "server-only";

/** The cookies of a request's header; of a name that comes twice the first counts. */
export function cookiesOf(header: string | null): ReadonlyMap<string, { readonly value: string }> {
  const found = new Map<string, { readonly value: string }>();
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, equals)).trim();
    if (name !== "" && !found.has(name)) {
      found.set(name, { value: pair.slice(equals + 1).trim() });
    }
  }
  return found;
}
