import type { NextRequest } from "next/server";

import { withExchange } from "@/lib/server/dash/exchange";
import { forwardToDashboard } from "@/lib/server/dash/forward";

export const dynamic = "force-dynamic";

interface Context {
  params: Promise<{ tenant: string; dashboard: string }>;
}

async function handle(request: NextRequest, { params }: Context): Promise<Response> {
  return await withExchange(request, await params, (exchange) => forwardToDashboard(request, exchange));
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as PATCH, handle as POST, handle as PUT };
