"use client";

import { useSearchParams } from "next/navigation";
import { useRef, useState } from "react";

import { embedPath } from "@/lib/embed-path";
import { currentTheme, type Theme } from "@/lib/theme";

import { Skeleton } from "./skeleton";
import { useEmbedded } from "./use-embedded";

interface DashboardFrameProps {
  readonly tenantSlug: string;
  readonly dashboardSlug: string;
  readonly title: string;
  readonly theme: Theme | null;
}

/** An embedded dashboard, with its outline until it is there. */
export function DashboardFrame({ tenantSlug, dashboardSlug, title, theme }: DashboardFrameProps) {
  const ref = useRef<HTMLIFrameElement>(null);
  const { shown, onLoad } = useEmbedded(ref);
  const search = useSearchParams().toString();
  // The first address alone: a later one would load the dashboard anew, which has shown it already.
  const [src] = useState(() => {
    const worn = typeof document === "undefined" ? theme : currentTheme();
    return embedPath(tenantSlug, dashboardSlug, search, worn);
  });
  return (
    <>
      <iframe ref={ref} src={src} title={title} onLoad={onLoad} className="absolute inset-0 size-full border-0" />
      <Skeleton gone={shown} />
    </>
  );
}
