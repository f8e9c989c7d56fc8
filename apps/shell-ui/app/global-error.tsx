"use client";

import "./globals.css";

import { FailedPage } from "@/components/failed-page";

/** Shown when not even the frame around all pages could be made. */
export default function GlobalErrorPage({ error }: { readonly error: unknown }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col font-sans antialiased">
        <title>That did not work · Kyros</title>
        <FailedPage error={error} />
      </body>
    </html>
  );
}
