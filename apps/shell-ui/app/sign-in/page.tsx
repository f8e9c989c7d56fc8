import type { Metadata } from "next";

import { Mark } from "@/components/mark";
import { SessionWatch } from "@/components/session-watch";
import { signInPage } from "@/lib/server/pages";
import { pageSession } from "@/lib/server/session/status";
import { safeNextPath } from "@/lib/server/sign-in/next-path";

import { BrandPanel } from "./_components/brand-panel";
import { SignInPanel } from "./_components/sign-in-panel";

export const metadata: Metadata = { title: "Sign in" };

interface Props {
  readonly searchParams: Promise<{ next?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: Props) {
  const [{ next }, content, session] = await Promise.all([searchParams, signInPage(), pageSession()]);
  return (
    <div className="grid flex-1 lg:grid-cols-[minmax(22rem,5fr)_7fr]">
      <SessionWatch {...session} />
      <BrandPanel />
      {/* Not centred: the form would move while the rest of the page is still on its way. */}
      <main id="content" className="grid content-start justify-items-center px-6 py-12 lg:pt-[16dvh]">
        <div className="w-full max-w-sm">
          <div className="mb-10 flex items-center gap-3 lg:hidden">
            <Mark className="size-9" />
            <span className="text-lg font-semibold tracking-tight">Kyros</span>
          </div>
          <SignInPanel content={content} next={safeNextPath(next)} />
        </div>
      </main>
    </div>
  );
}
