import { useEffect, useRef, type KeyboardEvent } from "react";

import { TenantOption } from "@/components/tenant-option";
import type { OwnTenant } from "@/components/membership";
import { plain } from "@/lib/find";
import { nextIndex, typedIndex } from "@/lib/list-keys";

export interface TenantChoiceProps {
  readonly tenants: readonly OwnTenant[];
  readonly current: OwnTenant;
  readonly close: () => void;
}

const TYPING_MS = 500;

/** A few tenants as a menu (WAI-ARIA's menu button): arrows, Home, End, and the first letters. */
export function TenantMenu({ tenants, current, close }: TenantChoiceProps) {
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });

  useEffect(() => {
    const items = itemsOf(list.current);
    (items.find((item) => item.ariaCurrent === "true") ?? items[0])?.focus();
  }, []);

  function move(event: KeyboardEvent<HTMLDivElement>) {
    const items = itemsOf(list.current);
    const at = items.findIndex((item) => item === document.activeElement);
    if (event.key === "Tab") {
      close();
      return;
    }
    if (event.key === " ") {
      event.preventDefault();
      items[at]?.click();
      return;
    }
    const to = nextIndex(event.key, at, items.length) ?? typedTo(event, at);
    if (to !== null) {
      event.preventDefault();
      items[to]?.focus();
    }
  }

  function typedTo({ key, timeStamp, ctrlKey, metaKey, altKey }: KeyboardEvent, at: number): number | null {
    if (key.length !== 1 || ctrlKey || metaKey || altKey) {
      return null;
    }
    const goesOn = timeStamp - typed.current.at < TYPING_MS;
    typed.current = { text: (goesOn ? typed.current.text : "") + plain(key), at: timeStamp };
    const names = tenants.map(({ name }) => plain(name));
    return typedIndex(names, typed.current.text, at);
  }

  return (
    <div ref={list} role="menu" aria-label="Tenants" tabIndex={-1} onKeyDown={move} className="max-h-[70dvh] overflow-y-auto p-1.5">
      {tenants.map((tenant) => (
        <TenantOption key={tenant.slug} role="menuitem" tenant={tenant} current={tenant.slug === current.slug} onClick={close} />
      ))}
    </div>
  );
}

function itemsOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}
