import { CopyableId } from "@/components/copyable-id";
import { Moment } from "@/components/moment";
import { formatMoment, formatNumber, type Locale } from "@/lib/locale";
import type { CallRecord } from "@/lib/server/api/calls";

interface CallTableProps {
  readonly calls: readonly CallRecord[];
  readonly locale: Locale;
}

const HEADING = "px-4 py-2.5 text-xs font-medium text-muted";
const CELL = "lg:border-t lg:border-line lg:px-4 lg:py-2.5";

/** The last calls; on a narrow screen each is a card of its own. */
export function CallTable({ calls, locale }: CallTableProps) {
  return (
    <table className="mt-4 block w-full border-separate border-spacing-0 text-sm lg:table lg:overflow-hidden lg:rounded-2xl lg:border lg:border-line lg:bg-surface lg:shadow-card">
      <caption className="sr-only">Last calls to the API, newest first</caption>
      <thead className="sr-only lg:not-sr-only lg:table-header-group">
        <tr>
          {["Time", "Route", "Status", "ms", "Request id"].map((heading) => (
            <th key={heading} scope="col" className={`${HEADING} ${heading === "ms" ? "text-right" : "text-left"}`}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="grid gap-3 lg:table-row-group">
        {calls.map((call, index) => (
          <CallRow key={`${call.requestId} ${String(index)}`} call={call} locale={locale} />
        ))}
      </tbody>
    </table>
  );
}

function CallRow({ call, locale }: { readonly call: CallRecord; readonly locale: Locale }) {
  const at = new Date(call.at);
  return (
    <tr className="grid grid-cols-[auto_1fr_auto] items-baseline gap-x-4 gap-y-1.5 rounded-xl border border-line bg-surface p-4 lg:table-row lg:rounded-none lg:border-0 lg:p-0">
      <td className={`${CELL} whitespace-nowrap tabular-nums`}>
        <Moment at={at.toISOString()} text={formatMoment(at, locale)} locale={locale} />
      </td>
      <td className={`${CELL} order-last col-span-3 font-mono text-xs break-all`}>
        <span className="font-semibold">{call.method}</span> {call.route}
      </td>
      <td className={CELL}>
        <Status status={call.status} />
      </td>
      <td className={`${CELL} text-right tabular-nums`}>
        {formatNumber(call.durationMs, locale)}
        <span className="lg:sr-only"> ms</span>
      </td>
      <td className={`${CELL} order-last col-span-3 text-muted`}>
        <CopyableId id={call.requestId}>{call.requestId}</CopyableId>
      </td>
    </tr>
  );
}

function Status({ status }: { readonly status: number | null }) {
  const good = status !== null && status < 400;
  return <span className={good ? "" : "font-semibold text-danger"}>{status ?? "no answer"}</span>;
}
