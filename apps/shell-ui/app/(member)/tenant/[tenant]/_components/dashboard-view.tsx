"use client";

import { useRef } from "react";

import type { Theme } from "@/lib/theme";

import { DashboardBar } from "./dashboard-bar";
import { DashboardFrame } from "./dashboard-frame";
import { useFullScreen } from "./use-full-screen";

interface DashboardViewProps {
  readonly tenantSlug: string;
  readonly dashboardSlug: string;
  readonly title: string;
  readonly theme: Theme | null;
}

/** A dashboard with the bar above it; both can have the whole screen. */
export function DashboardView({ tenantSlug, dashboardSlug, title, theme }: DashboardViewProps) {
  const ref = useRef<HTMLDivElement>(null);
  const fullScreen = useFullScreen(ref);
  return (
    <div
      ref={ref}
      className={`flex flex-col bg-canvas ${fullScreen.on ? "fixed inset-0 z-40 pb-(--notice)" : "min-h-0 flex-1"}`}
    >
      <DashboardBar tenantSlug={tenantSlug} title={title} fullScreen={fullScreen} />
      <main id="content" className="relative min-h-0 flex-1">
        <DashboardFrame tenantSlug={tenantSlug} dashboardSlug={dashboardSlug} title={title} theme={theme} />
      </main>
    </div>
  );
}
