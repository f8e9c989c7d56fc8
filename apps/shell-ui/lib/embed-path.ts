import type { Theme } from "@/lib/theme";

/**
 * Where a dashboard is embedded from.
 *
 * The page's query goes along, for it holds the filters; the theme is the person's and is never in
 * the page's own address, so that a link opens in the colours of whoever follows it.
 */
export function embedPath(tenantSlug: string, dashboardSlug: string, search: string, theme: Theme | null): string {
  const query = filtersOf(search);
  if (theme !== null) {
    query.set("theme", theme);
  }
  return `/tenant/${tenantSlug}/dash/${dashboardSlug}/${questionMark(query)}`;
}

/** The same path with other filters, as the address bar shows it. */
export function outerAddress(pathname: string, search: string): string {
  return `${pathname}${questionMark(filtersOf(search))}`;
}

/** What a query says of the view. */
export function filtersOf(search: string): URLSearchParams {
  const query = new URLSearchParams(search);
  query.delete("theme");
  return query;
}

function questionMark(query: URLSearchParams): string {
  return query.size === 0 ? "" : `?${query.toString()}`;
}
