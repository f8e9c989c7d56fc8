import Link from "next/link";

import { CopyableId } from "@/components/copyable-id";
import { Moment, ZoneName } from "@/components/moment";
import { actionName } from "@/lib/action-name";
import { formatMoment, type Locale } from "@/lib/locale";
import type { AuditEvent } from "@/lib/server/api";
import { auditSearch, type AuditFilters } from "@/lib/server/audit/query";

interface AuditTableProps {
  readonly events: readonly AuditEvent[];
  readonly locale: Locale;
  readonly path: string;
  readonly filters: AuditFilters;
}

const CELL = "md:px-4 md:py-3 md:align-top";
const HEADING = "px-4 py-2.5 text-left text-xs font-medium text-muted";

/** The events; on a narrow screen each is a card of its own. */
export function AuditTable({ events, ...shown }: AuditTableProps) {
  if (events.length === 0) {
    return (
      <p className="mt-4 rounded-2xl border border-dashed border-line px-6 py-12 text-center text-muted">
        Nothing in the log fits. Try other words, or a longer span.
      </p>
    );
  }
  return (
    <table className="mt-4 block w-full border-separate border-spacing-0 text-sm md:table md:overflow-hidden md:rounded-2xl md:border md:border-line md:bg-surface md:shadow-card">
      <caption className="sr-only">Events, newest first</caption>
      <thead className="sr-only md:not-sr-only md:table-header-group">
        <tr>
          <th scope="col" className={HEADING}>
            Outcome
          </th>
          <th scope="col" className={HEADING}>
            Time (<ZoneName locale={shown.locale} />)
          </th>
          {["Who", "What", "Request id"].map((heading) => (
            <th key={heading} scope="col" className={HEADING}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="grid gap-3 md:table-row-group">
        {events.map((event) => (
          <AuditRow key={event.id} event={event} {...shown} />
        ))}
      </tbody>
    </table>
  );
}

function AuditRow({ event, locale, path, filters }: Omit<AuditTableProps, "events"> & { readonly event: AuditEvent }) {
  const denied = event.outcome === "denied";
  const look = denied
    ? "border-danger/40 bg-danger-soft md:[&>td]:border-t-danger/25"
    : "border-line bg-surface md:[&>td]:border-t-line";
  const at = formatMoment(new Date(event.at), locale);
  return (
    <tr
      className={`grid grid-cols-[1fr_auto] gap-x-4 gap-y-2 rounded-xl border p-4 md:table-row md:rounded-none md:border-0 md:p-0 md:[&>td]:border-t ${look}`}
    >
      <td className={`${CELL} whitespace-nowrap`}>
        <Outcome denied={denied} />
      </td>
      <td className={`${CELL} text-right whitespace-nowrap tabular-nums md:text-left`}>
        <Moment at={event.at} text={at} locale={locale} />
      </td>
      <td className={`${CELL} col-span-2 wrap-anywhere`}>
        {event.actor ?? <span className="text-muted">Somebody else, or nobody known</span>}
      </td>
      <td className={`${CELL} col-span-2`}>
        <span className={denied ? "font-semibold" : "font-medium"}>{actionName(event.action)}</span>
        <Details event={event} />
      </td>
      <td className={`${CELL} col-span-2`}>
        <RequestId id={event.requestId} path={path} filters={filters} />
      </td>
    </tr>
  );
}

/** By shape and word; the colour only adds to it. */
function Outcome({ denied }: { readonly denied: boolean }) {
  return (
    <span className={`inline-flex items-center gap-1.5 ${denied ? "font-semibold text-danger" : "text-muted"}`}>
      <svg viewBox="0 0 16 16" className="size-4 shrink-0" aria-hidden="true">
        {denied ? (
          <>
            <circle cx="8" cy="8" r="7" fill="currentColor" />
            <path d="m5.5 5.5 5 5m0-5-5 5" className="stroke-surface" strokeWidth="1.75" strokeLinecap="round" />
          </>
        ) : (
          <path d="m3.5 8.5 3 3 6-7" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round" />
        )}
      </svg>
      {denied ? "Denied" : "Allowed"}
    </span>
  );
}

function Details({ event: { action, details } }: { readonly event: AuditEvent }) {
  const shown = [["action", action] as const, ...Object.entries(details)];
  return (
    <dl className="mt-0.5 flex flex-wrap gap-x-3 text-muted">
      {shown.map(([name, value]) => (
        <div key={name} className="flex gap-1">
          <dt className={name === "action" ? "sr-only" : ""}>{name.replaceAll("_", " ")}:</dt>
          <dd className={`wrap-anywhere ${name === "action" ? "font-mono text-xs leading-5" : ""}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The id leads to all events of the same request. */
function RequestId({ id, path, filters }: Pick<AuditTableProps, "path" | "filters"> & { readonly id: string | null }) {
  if (id === null) {
    return <span className="hidden text-muted md:inline">–</span>;
  }
  const search = auditSearch({ ...filters, search: id, page: 1, before: null });
  return (
    <CopyableId id={id}>
      <Link
        href={`${path}${search}`}
        aria-label={`All events of request ${id}`}
        className="-my-1 inline-block py-1 underline decoration-line underline-offset-4 hover:decoration-current"
      >
        {id}
      </Link>
    </CopyableId>
  );
}
