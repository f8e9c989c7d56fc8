import "server-only";

import type { NextRequest } from "next/server";
import { cookies } from "next/headers";

import { noticeTime } from "@/lib/session-notice";
import type { SessionStatus } from "@/lib/session-watch";

import type { CookieJar } from "./chunks";
import { openSession } from "./session";

/** Who is signed in at this moment, for the page that is being made. */
export async function pageSession(): Promise<SessionStatus> {
  return await statusOf(await cookies());
}

/** The same for a page that asks whether it is still so. It is an answer, whichever it is: 200. */
export async function answerSessionStatus(request: NextRequest): Promise<Response> {
  return Response.json(await statusOf(request.cookies), { headers: { "Cache-Control": "no-store" } });
}

async function statusOf(jar: CookieJar): Promise<SessionStatus> {
  const session = await openSession(jar);
  if (session === null) {
    return { id: null, millisecondsLeft: 0, noticeMilliseconds: 0 };
  }
  const { id, startedAt, expiresAt } = session;
  return {
    id,
    millisecondsLeft: expiresAt * 1000 - Date.now(),
    noticeMilliseconds: noticeTime((expiresAt - startedAt) * 1000),
  };
}
