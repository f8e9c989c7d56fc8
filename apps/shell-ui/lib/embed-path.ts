/** The query of a page, as Next hands it over. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Where a dashboard is embedded from; the page's query goes along, for it holds the filters. */
export function embedPath(tenantSlug: string, dashboardSlug: string, query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of value === undefined ? [] : [value].flat()) {
      params.append(name, one);
    }
  }
  const search = params.size === 0 ? "" : `?${params.toString()}`;
  return `/tenant/${tenantSlug}/dash/${dashboardSlug}/${search}`;
}
