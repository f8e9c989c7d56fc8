import type { NextRequest } from "next/server";

import { answerLogo } from "@/lib/server/logo";

export const dynamic = "force-dynamic";

interface Context {
  params: Promise<{ tenant: string }>;
}

export async function GET(request: NextRequest, { params }: Context): Promise<Response> {
  return await answerLogo(request, (await params).tenant);
}
