import "server-only";

import { startOfDay } from "@/lib/locale";

import type { AuditQuery } from "../api";

/** The query of a page, as Next hands it over. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

export const AUDIT_PAGE_SIZE = 50;
const MAX_SEARCH_LENGTH = 100;
const MAX_PAGE = 100_000;

/** What of the audit log a page's address asks for. */
export interface AuditFilters {
  readonly search: string;
  readonly outcome: "allowed" | "denied" | null;
  /** Days by the person's clock, such as `2026-11-05`; both belong to the span. */
  readonly from: string | null;
  readonly to: string | null;
  /** From 1. */
  readonly page: number;
  /** Later pages count from here, so that new events do not shift them. */
  readonly before: number | null;
}

/** The filters of an address; what makes no sense in it is left out. */
export function readAuditFilters(query: Query): AuditFilters {
  const outcome = textOf(query.outcome);
  return {
    search: textOf(query.q).trim().slice(0, MAX_SEARCH_LENGTH),
    outcome: outcome === "allowed" || outcome === "denied" ? outcome : null,
    from: dayOf(query.from),
    to: dayOf(query.to),
    page: wholeOf(query.page, 1, MAX_PAGE) ?? 1,
    before: wholeOf(query.before, 0, Number.MAX_SAFE_INTEGER),
  };
}

/** The filters as the API's route takes them. */
export function auditApiQuery({ search, outcome, from, to, page, before }: AuditFilters, zone: string): AuditQuery {
  const since = from === null ? null : startOfDay(from, zone);
  const until = to === null ? null : startOfDay(to, zone, 1);
  return {
    limit: AUDIT_PAGE_SIZE,
    offset: (page - 1) * AUDIT_PAGE_SIZE,
    search,
    ...(before === null ? {} : { before }),
    ...(outcome === null ? {} : { outcome }),
    ...(since === null ? {} : { since: since.toISOString() }),
    ...(until === null ? {} : { until: until.toISOString() }),
  };
}

/** The query of the address that has these filters. */
export function auditSearch(filters: AuditFilters): string {
  const { search, outcome, from, to, page, before } = filters;
  const params = compact({
    q: search,
    outcome,
    from,
    to,
    page: page === 1 ? null : String(page),
    before: before === null || page === 1 ? null : String(before),
  });
  return params.size === 0 ? "" : `?${params.toString()}`;
}

/** What says something; an address is short. */
function compact(values: Readonly<Record<string, string | null>>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== "") {
      params.set(name, value);
    }
  }
  return params;
}

function textOf(value: Query[string]): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

function dayOf(value: Query[string]): string | null {
  const day = textOf(value);
  return startOfDay(day, "UTC") === null ? null : day;
}

function wholeOf(value: Query[string], least: number, most: number): number | null {
  const text = textOf(value);
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : null;
}
