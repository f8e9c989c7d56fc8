"use client";

import Link from "next/link";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ToggleEvent } from "react";

import type { OwnTenant } from "@/components/membership";
import { TenantFinder } from "@/components/tenant-finder";
import { TenantMenu } from "@/components/tenant-menu";
import { TenantTile } from "@/components/tenant-tile";
import { MANY } from "@/lib/find";

interface TenantSwitcherProps {
  readonly tenants: readonly OwnTenant[];
  readonly current: OwnTenant;
}

const ROW = "flex min-w-0 items-center gap-2 rounded-lg px-2 py-1.5 hover:bg-sunken";
const GAP = 8;

/** The current tenant, and the way to the person's others: a menu of few, a search among many. */
export function TenantSwitcher({ tenants, current }: TenantSwitcherProps) {
  if (tenants.length < 2) {
    return (
      <Link href={`/tenant/${current.slug}`} className={ROW}>
        <CurrentTenant tenant={current} />
      </Link>
    );
  }
  return <Switcher tenants={tenants} current={current} />;
}

/**
 * The button and what it opens.
 *
 * A popover of the browser's own: it lies above the dashboard's frame, opens before any script
 * runs, and Escape and a click elsewhere close it and give the focus back.
 */
function Switcher({ tenants, current }: TenantSwitcherProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const many = tenants.length >= MANY;
  const Choice = many ? TenantFinder : TenantMenu;

  useEffect(() => {
    // Opened before this script ran.
    if (popover.current?.matches(":popover-open") === true) {
      place(popover.current, button.current);
      setOpen(true);
    }
    // A click into an embedded dashboard is not seen here, but it takes the focus from the window.
    function closeOnBlur() {
      popover.current?.hidePopover();
    }
    window.addEventListener("blur", closeOnBlur);
    return () => {
      window.removeEventListener("blur", closeOnBlur);
    };
  }, []);

  function openByArrow(event: KeyboardEvent) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      popover.current?.showPopover();
    }
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-haspopup={many ? "dialog" : "menu"}
        aria-expanded={open}
        onKeyDown={openByArrow}
        className={`${ROW} ${open ? "bg-sunken" : ""}`}
      >
        <CurrentTenant tenant={current} />
        {/* Part of the content rather than a label: what is seen is then always in the name. */}
        <span className="sr-only">, change tenant</span>
        <svg viewBox="0 0 16 16" className="size-4 shrink-0 text-muted" aria-hidden="true">
          <path d="M5 6.5 8 9.5 11 6.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        {...(many ? { role: "dialog", "aria-label": "Change tenant" } : {})}
        onBeforeToggle={(event: ToggleEvent<HTMLDivElement>) => {
          if (event.newState === "open") {
            place(event.currentTarget, button.current);
          }
        }}
        onToggle={(event: ToggleEvent<HTMLDivElement>) => {
          setOpen(event.newState === "open");
        }}
        className="fixed top-14 left-4 m-0 w-80 max-w-[calc(100vw-2rem)] rounded-xl border border-line bg-surface p-0 text-ink shadow-raised"
      >
        {open && <Choice tenants={tenants} current={current} close={() => popover.current?.hidePopover()} />}
      </div>
    </>
  );
}

function CurrentTenant({ tenant }: { readonly tenant: OwnTenant }) {
  return (
    <>
      <TenantTile tenant={tenant} size="small" />
      <span className="truncate text-sm font-medium">{tenant.name}</span>
    </>
  );
}

/** Put the popover below the button, within the window. */
function place(popover: HTMLElement, button: HTMLElement | null): void {
  if (button !== null) {
    const { left, bottom } = button.getBoundingClientRect();
    const width = Math.min(320, window.innerWidth - 32);
    popover.style.top = `${String(bottom + GAP)}px`;
    popover.style.left = `${String(Math.max(16, Math.min(left, window.innerWidth - width - 16)))}px`;
  }
}
