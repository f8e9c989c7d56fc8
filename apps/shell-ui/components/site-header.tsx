import { headers } from "next/headers";

import { HeaderTenant } from "@/components/header-tenant";
import { PersonMenu } from "@/components/person-menu";
import { requestIdOf } from "@/lib/server/http/request-id";
import { chosenTheme } from "@/lib/server/theme";
import { isDemo } from "@/lib/server/tools";

/** The bar on top of every page of a signed-in person. */
export async function SiteHeader({ email }: { readonly email: string }) {
  const requestId = requestIdOf(await headers());
  const [theme, demo] = await Promise.all([chosenTheme(), isDemo(requestId)]);
  return (
    <header className="relative z-10 flex h-14 shrink-0 items-center gap-1 border-b border-line bg-surface px-4 sm:gap-2 sm:px-6">
      <HeaderTenant />
      <div className="ml-auto shrink-0 pl-2">
        <PersonMenu email={email} theme={theme} demo={demo} />
      </div>
    </header>
  );
}
