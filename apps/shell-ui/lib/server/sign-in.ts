import "server-only";

import { NextResponse, type NextRequest } from "next/server";

import { forgetSession } from "./access";
import { ApiError, mockLogin } from "./api";
import { errorForm } from "./error-form";
import { FLASH_SECONDS, flashCookie, sealFlash, type Flash, type SignInProblem } from "./flash";
import { safeNextPath, signInPath } from "./next-path";
import { requestIdOf } from "./request-id";
import { isSameOrigin, isSecure } from "./same-origin";
import { openSession, SESSION_COOKIE, sealSession, sessionCookie, startSession } from "./session";

const MAX_EMAIL_LENGTH = 254;

/** Handle the sign-in form: a session cookie and on to the page that was wanted. */
export async function signIn(request: NextRequest): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  if (!isSameOrigin(request.headers)) {
    return crossOrigin(requestId);
  }
  const form = await readForm(request);
  const email = textOf(form, "email").trim().slice(0, MAX_EMAIL_LENGTH);
  const next = safeNextPath(textOf(form, "next"));
  if (email === "") {
    return await backToForm(request, { problem: "email-missing", email }, next);
  }
  try {
    const issued = await mockLogin(email, requestId);
    const session = startSession(email, issued.token, issued.lifetimeSeconds);
    const response = seeOther(next ?? "/tenants");
    const secure = isSecure(request.url, request.headers);
    response.cookies.set(sessionCookie(await sealSession(session), issued.lifetimeSeconds, secure));
    return response;
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    return await backToForm(request, { problem: problemOf(error), email }, next);
  }
}

/** Handle the sign-out form: the session is over, here and in the browser. */
export async function signOut(request: NextRequest): Promise<Response> {
  if (!isSameOrigin(request.headers)) {
    return crossOrigin(requestIdOf(request.headers));
  }
  const session = await openSession(request.cookies.get(SESSION_COOKIE)?.value);
  if (session !== null) {
    forgetSession(session);
  }
  const response = seeOther("/sign-in");
  response.cookies.set(sessionCookie("", 0, isSecure(request.url, request.headers)));
  return response;
}

async function backToForm(request: NextRequest, flash: Flash, next: string | null): Promise<NextResponse> {
  const response = seeOther(signInPath(next));
  const secure = isSecure(request.url, request.headers);
  response.cookies.set(flashCookie(await sealFlash(flash), FLASH_SECONDS, secure));
  return response;
}

function problemOf(error: ApiError): SignInProblem {
  if (error.kind === "unavailable") {
    return "api-unavailable";
  }
  // Outside demo mode the API has no such route and answers a plain NOT_FOUND.
  return error.code === "NOT_FOUND" ? "not-offered" : "user-unknown";
}

/** A form that cannot be read is treated like an empty one. */
async function readForm(request: NextRequest): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    return new FormData();
  }
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

/** A relative address: behind a proxy this server does not know its own name. */
function seeOther(path: string): NextResponse {
  return new NextResponse(null, { status: 303, headers: { Location: path, "Cache-Control": "no-store" } });
}

function crossOrigin(requestId: string): Response {
  const message = "This request did not come from a page of this site.";
  return errorForm({ status: 403, code: "CROSS_ORIGIN", message, requestId });
}
