"use client";

import { useCallback, useState } from "react";

interface DashboardFrameProps {
  readonly src: string;
  readonly title: string;
}

/** An embedded dashboard, with its outline until it is loaded. */
export function DashboardFrame({ src, title }: DashboardFrameProps) {
  const [loaded, setLoaded] = useState(false);

  // The frame may have finished before this script ran, and would then never say so again.
  const watch = useCallback((frame: HTMLIFrameElement | null) => {
    const page = frame?.contentDocument;
    if (page?.readyState === "complete" && page.URL !== "about:blank") {
      setLoaded(true);
    }
  }, []);

  return (
    <>
      <iframe
        ref={watch}
        src={src}
        title={title}
        onLoad={() => {
          setLoaded(true);
        }}
        className="absolute inset-0 size-full border-0"
      />
      {!loaded && <Skeleton />}
    </>
  );
}

function Skeleton() {
  return (
    <div role="status" className="pointer-events-none absolute inset-0 overflow-hidden bg-canvas p-6">
      <span className="sr-only">The dashboard is loading.</span>
      <div aria-hidden="true" className="mx-auto grid max-w-6xl animate-pulse gap-5">
        <div className="h-8 w-64 max-w-full rounded-lg bg-sunken" />
        <div className="grid grid-cols-2 gap-5 lg:grid-cols-4">
          {["customers", "orders", "revenue", "share"].map((tile) => (
            <div key={tile} className="h-24 rounded-2xl bg-sunken" />
          ))}
        </div>
        <div className="h-80 rounded-2xl bg-sunken" />
        <div className="grid gap-5 lg:grid-cols-2">
          <div className="h-64 rounded-2xl bg-sunken" />
          <div className="h-64 rounded-2xl bg-sunken" />
        </div>
      </div>
    </div>
  );
}
