"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useTransition, type SyntheticEvent } from "react";

import type { AuditFilters } from "@/lib/server/audit/query";

interface AuditFilterFormProps {
  readonly path: string;
  readonly filters: AuditFilters;
}

const FIELD = "mt-1.5 block h-10 w-full min-w-0 rounded-lg border border-field bg-surface px-3 text-sm";
const LABEL = "block text-sm font-medium";

/** A form that takes the words of another address, as after Back, for what was typed; the focus stays. */
function useFormThatShows(filters: AuditFilters) {
  const form = useRef<HTMLFormElement>(null);
  const shown = useRef(filters);
  useEffect(() => {
    if (JSON.stringify(shown.current) !== JSON.stringify(filters)) {
      shown.current = filters;
      form.current?.reset();
    }
  }, [filters]);
  return form;
}

/** What to look for. A plain form, whose fields make the address; the script only keeps that short. */
export function AuditFilterForm({ path, filters }: AuditFilterFormProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const { search, outcome, from, to } = filters;
  const form = useFormThatShows(filters);
  const isFiltered = search !== "" || outcome !== null || from !== null || to !== null;

  function go(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === "string" && value.trim() !== "") {
        params.set(name, value.trim());
      }
    }
    const query = params.size === 0 ? "" : `?${params.toString()}`;
    startTransition(() => {
      router.push(`${path}${query}`, { scroll: false });
    });
  }

  return (
    <form
      ref={form}
      role="search"
      aria-label="Audit log"
      action={path}
      onSubmit={go}
      className="mt-8 grid grid-cols-2 items-end gap-4 rounded-2xl border border-line bg-surface p-4 shadow-card sm:p-5 lg:grid-cols-[minmax(12rem,1fr)_9rem_10rem_10rem_auto]"
    >
      <label className={`${LABEL} col-span-2 lg:col-span-1`}>
        Person, action or request id
        <input type="search" name="q" defaultValue={search} maxLength={100} autoComplete="off" className={FIELD} />
      </label>
      <label className={`${LABEL} col-span-2 sm:col-span-1`}>
        Outcome
        <select key={outcome} name="outcome" defaultValue={outcome ?? ""} className={FIELD}>
          <option value="">All</option>
          <option value="allowed">Allowed</option>
          <option value="denied">Denied</option>
        </select>
      </label>
      <span aria-hidden="true" className="hidden sm:block lg:hidden" />
      <label className={LABEL}>
        From
        <input type="date" name="from" defaultValue={from ?? ""} className={FIELD} />
      </label>
      <label className={LABEL}>
        To
        <input type="date" name="to" defaultValue={to ?? ""} className={FIELD} />
      </label>
      <div className="col-span-2 flex items-center gap-3 lg:col-span-1">
        <button
          type="submit"
          aria-disabled={pending}
          className="h-10 rounded-lg bg-accent px-4 text-sm font-semibold text-on-accent hover:bg-accent-strong"
        >
          {pending ? "Searching…" : "Search"}
        </button>
        {isFiltered && (
          <Link href={path} className="rounded-md px-2 py-2 text-sm underline underline-offset-4 hover:text-accent">
            Clear
          </Link>
        )}
      </div>
    </form>
  );
}
