import type { Metadata } from "next";

import { ForbiddenPage } from "@/components/forbidden-page";
import { ZoneName } from "@/components/moment";
import { inspectorPage } from "@/lib/server/inspector/page";

import { ToolPage } from "../_components/tool-page";
import { CallTable } from "./_components/call-table";
import { Refresh } from "./_components/refresh";
import { TokenCard } from "./_components/token-card";

export const metadata: Metadata = { title: "Inspector" };

interface Props {
  readonly params: Promise<{ tenant: string }>;
}

export default async function InspectorToolPage({ params }: Props) {
  const { tenant: slug } = await params;
  const page = await inspectorPage(slug);
  if (page === null) {
    return <ForbiddenPage tenantSlug={slug}>The inspector is for the administrators of this tenant.</ForbiddenPage>;
  }
  const { tenant, userToken, tenantToken, calls, locale, now } = page;
  return (
    <ToolPage
      page={page}
      title="Inspector"
      introduction={
        <p>
          For those who build on Kyros: what the shell’s server holds for you in {tenant.name}. It is decoded there; the
          tokens themselves never reach a browser. Times are those of <ZoneName locale={locale} />.
        </p>
      }
    >
      <div className="mt-8 grid items-start gap-5 lg:grid-cols-2">
        <TokenCard title="User token" purpose="Who you are; exchanged for tenant tokens." token={userToken} locale={locale} now={now} />
        <TokenCard
          title="Tenant token"
          purpose="Who you are in this tenant; renewed by itself before it ends."
          token={tenantToken}
          locale={locale}
          now={now}
        />
      </div>
      <div className="mt-10 flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 className="text-lg font-semibold tracking-tight">Last calls to the API</h2>
          <p className="text-sm text-muted">Made for you by this server, newest first. Find them in every service’s log by their id.</p>
        </div>
        <Refresh />
      </div>
      <CallTable calls={calls} locale={locale} />
    </ToolPage>
  );
}
