import type { NextRequest } from "next/server";

import { gate } from "@/lib/server/gate";

/** Runs before every page. */
export async function proxy(request: NextRequest): Promise<Response> {
  return await gate(request);
}

export const config = {
  // Pages only. Where this runs Next keeps a copy of the request's body, which would undo the
  // streaming of the embedded dashboards.
  matcher: [
    "/((?!_next/|auth/(?:session|sign-in|sign-out)$|dash/|health$|tenants/[^/]+/logo$|icon\\.svg$|favicon\\.ico$|apple-icon\\.png$|manifest\\.webmanifest$|robots\\.txt$|tenant/[^/]+/dash/).*)",
    // Also every path with a percent sign: Next answers 500 to one that cannot be decoded.
    "/(.*%.*)",
  ],
};
