import type { NextRequest } from "next/server";

import { withExchange } from "@/lib/server/dash/exchange";
import { forwardStaticFile } from "@/lib/server/dash/forward";

export const dynamic = "force-dynamic";

interface Context {
  params: Promise<{ dashboard: string }>;
}

async function handle(request: NextRequest, { params }: Context): Promise<Response> {
  return await withExchange(request, await params, (exchange) => forwardStaticFile(request, exchange));
}

export { handle as GET, handle as HEAD };
