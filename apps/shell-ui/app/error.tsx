"use client";

import { FailedPage } from "@/components/failed-page";

/** Shown when a page could not be made. */
export default function ErrorPage({ error }: { readonly error: unknown }) {
  return <FailedPage error={error} />;
}
