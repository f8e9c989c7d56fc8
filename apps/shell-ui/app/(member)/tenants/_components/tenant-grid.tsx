"use client";

import { useRouter } from "next/navigation";
import { useState, type KeyboardEvent } from "react";

import { useTenants } from "@/components/membership";
import { SearchField } from "@/components/search-field";
import { find, MANY } from "@/lib/find";
import { useFirstSome } from "@/lib/use-first-some";

import { TenantCard } from "./tenant-card";

interface TenantGridProps {
  /** How many dashboards each tenant has, by its slug; null when it could not be had. */
  readonly counts: Readonly<Record<string, number | null>>;
}

/** The tenants as cards, with a field to look for one where there are many. */
export function TenantGrid({ counts }: TenantGridProps) {
  const tenants = useTenants();
  const [query, setQuery] = useState("");
  const router = useRouter();
  const many = tenants.length >= MANY;
  const found = find(tenants, query);
  const drawn = useFirstSome(found);

  function goToFirst(event: KeyboardEvent) {
    const [first] = found;
    if (event.key === "Enter" && query.trim() !== "" && first !== undefined) {
      router.push(`/tenant/${first.slug}`);
    }
  }

  return (
    <>
      {many && (
        <div className="mt-8 flex flex-wrap items-center gap-x-4 gap-y-2">
          <SearchField
            aria-label="Find a tenant"
            placeholder="Find a tenant"
            className="w-full max-w-sm"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
            }}
            onKeyDown={goToFirst}
          />
          <p role="status" className="text-sm text-muted">
            {query.trim() === "" ? `${String(tenants.length)} tenants` : `${String(found.length)} of ${String(tenants.length)}`}
          </p>
        </div>
      )}
      {/* The items are apart by their padding, in which the cards' shadows lie: what is not in sight is not drawn. */}
      <ul className={`-mx-2.5 grid sm:grid-cols-2 lg:grid-cols-3 ${many ? "mt-3.5" : "mt-7.5"}`}>
        {drawn.map((tenant) => (
          <li key={tenant.slug} className="p-2.5 [contain-intrinsic-block-size:auto_7.5rem] [content-visibility:auto]">
            <TenantCard tenant={tenant} dashboards={counts[tenant.slug] ?? null} prefetch={!many} />
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="text-muted">No tenant of yours is called like that.</p>}
    </>
  );
}
