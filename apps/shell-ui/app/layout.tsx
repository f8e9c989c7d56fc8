import "./globals.css";

import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";

import { RememberZone } from "@/components/remember-zone";
import { personLocale } from "@/lib/server/locale";
import { chosenTheme } from "@/lib/server/theme";

export const metadata: Metadata = {
  title: { default: "Kyros", template: "%s · Kyros" },
  description: "Your organisation's dashboards.",
  robots: { index: false, follow: false },
};

const HEADER_COLOUR = { light: "#ffffff", dark: "#152023" };

export async function generateViewport(): Promise<Viewport> {
  const theme = await chosenTheme();
  const followed = (["light", "dark"] as const).map((scheme) => ({
    media: `(prefers-color-scheme: ${scheme})`,
    color: HEADER_COLOUR[scheme],
  }));
  return { colorScheme: theme ?? "light dark", themeColor: theme === null ? followed : HEADER_COLOUR[theme] };
}

/** What every page has. None is rendered ahead of time: each needs the nonce of its request. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  await connection();
  const [theme, { zone }] = await Promise.all([chosenTheme(), personLocale()]);
  return (
    <html lang="en" data-theme={theme ?? undefined}>
      <body className="flex min-h-dvh flex-col font-sans antialiased">
        <a
          href="#content"
          className="sr-only focus-visible:not-sr-only focus-visible:fixed focus-visible:top-3 focus-visible:left-3 focus-visible:z-50 focus-visible:rounded-lg focus-visible:bg-surface focus-visible:px-4 focus-visible:py-2 focus-visible:shadow-raised"
        >
          Skip to content
        </a>
        {children}
        <RememberZone known={zone} />
      </body>
    </html>
  );
}
