import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";

import { SearchField } from "@/components/search-field";
import type { TenantChoiceProps } from "@/components/tenant-menu";
import { TenantOption } from "@/components/tenant-option";
import { find } from "@/lib/find";
import { nextIndex } from "@/lib/list-keys";
import { useFirstSome } from "@/lib/use-first-some";

/** Many tenants as a list below a field to type in (WAI-ARIA's combobox); the focus stays there. */
export function TenantFinder({ tenants, current, close }: TenantChoiceProps) {
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const found = find(tenants, query);
  const drawn = useFirstSome(found);
  const [active, setActive] = useState(() => Math.max(0, tenants.findIndex(({ slug }) => slug === current.slug)));

  useEffect(() => {
    root.current?.querySelector("input")?.focus();
  }, []);

  useEffect(() => {
    document.getElementById(`${id}-${String(active)}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active, query, drawn.length]);

  function move(event: KeyboardEvent) {
    if (event.key === "Enter") {
      event.preventDefault();
      document.getElementById(`${id}-${String(active)}`)?.click();
      return;
    }
    if (event.key === "Escape") {
      // Of itself the browser would first empty the field.
      event.preventDefault();
      close();
      return;
    }
    const to = nextIndex(event.key, active, found.length);
    if (to !== null && !event.shiftKey) {
      event.preventDefault();
      setActive(to);
    }
  }

  return (
    <div ref={root} className="flex max-h-[70dvh] flex-col">
      <SearchField
        className="border-b border-line p-2 [&>svg]:left-5"
        placeholder="Find a tenant"
        role="combobox"
        aria-label="Find a tenant"
        aria-autocomplete="list"
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${String(active)}` : undefined}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={move}
      />
      {found.length > 0 && (
        <div id={`${id}-list`} role="listbox" aria-label="Tenants" className="min-h-0 overflow-y-auto p-1.5">
          {drawn.map((tenant, index) => (
            <TenantOption
              key={tenant.slug}
              id={`${id}-${String(index)}`}
              role="option"
              tenant={tenant}
              current={tenant.slug === current.slug}
              active={index === active}
              onClick={close}
            />
          ))}
        </div>
      )}
      <Found count={found.length} />
    </div>
  );
}

function Found({ count }: { readonly count: number }) {
  return (
    <p role="status" className={count === 0 ? "px-4 py-5 text-sm text-muted" : "sr-only"}>
      {count === 0 ? "No tenant of yours is called like that." : `${String(count)} tenants`}
    </p>
  );
}
