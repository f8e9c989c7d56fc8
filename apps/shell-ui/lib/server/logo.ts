import "server-only";

import type { NextRequest } from "next/server";

import { memberships } from "./access";
import { errorForm } from "./http/error-form";
import { REQUEST_ID_HEADER, requestIdOf } from "./http/request-id";
import { attempt } from "./refusal";
import { openSession } from "./session/session";

/** A page of many tenants asks for many logos at once. */
const MAX_AGE_MS = 15_000;
const FOR_GOOD = "private, max-age=31536000, immutable";

/** The logo of one of the person's tenants; of any other there is none. */
export async function answerLogo(request: NextRequest, slug: string): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  const session = await openSession(request.cookies);
  const me = session && (await attempt(() => memberships({ session, requestId, maxAgeMs: MAX_AGE_MS })));
  if (me?.refusal === "unavailable") {
    return errorForm({ status: 503, code: "API_UNAVAILABLE", message: "Kyros is away for a moment.", requestId });
  }
  const logo = me?.value?.logos.get(slug);
  if (logo === undefined) {
    return errorForm({ status: 404, code: "NOT_FOUND", message: "There is nothing here.", requestId });
  }
  const asked = request.nextUrl.searchParams.get("v");
  return new Response(Buffer.from(logo.data, "base64"), {
    headers: {
      "Content-Type": logo.mediaType,
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
      "Cache-Control": asked === logo.version ? FOR_GOOD : "private, no-cache",
      [REQUEST_ID_HEADER]: requestId,
    },
  });
}
