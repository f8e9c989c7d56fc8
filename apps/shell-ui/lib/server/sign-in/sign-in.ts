import "server-only";

import { NextResponse, type NextRequest } from "next/server";

import { emailProblem, passwordProblem } from "@/lib/credentials";

import { forgetSession } from "../access";
import { ApiError, login, logout, mockLogin, type Caller, type IssuedToken } from "../api";
import { clientAddress } from "../http/client-address";
import { receiveForm } from "../http/form";
import { requestIdOf } from "../http/request-id";
import { isSecure } from "../http/same-origin";
import { log } from "../log";
import { SessionTooLargeError } from "../session/chunks";
import { endSession } from "../session/ended";
import { noSessionCookies, openSession, readSession, sessionCookies, startSession, type Session, type SessionState } from "../session/session";
import { flashCookie, flashOf, noFlashCookie, type Flash, type SignInNotice } from "./flash";
import { safeNextPath, signInPath } from "./next-path";

/** What was typed, or which demo user was chosen: that form has no password. */
interface Credentials {
  readonly email: string;
  readonly password: string | null;
}

const NOTICES: Readonly<Record<string, SignInNotice>> = {
  INVALID_CREDENTIALS: "wrong-credentials",
  RATE_LIMITED: "throttled",
  SIGN_IN_BUSY: "busy",
  USER_NOT_FOUND: "demo-user-gone",
  // Outside demo mode the API has no such route and answers so.
  NOT_FOUND: "not-offered",
};

/**
 * Handle the sign-in form: a session cookie and on to the page that was wanted.
 *
 * A script that sends it is told where to go on, since it cannot see where a redirect leads.
 */
export async function signIn(request: NextRequest): Promise<Response> {
  const response = await signInByForm(request);
  const to = response.headers.get("location");
  if (to === null || request.headers.get("accept") !== "application/json") {
    return response;
  }
  const headers = new Headers(response.headers);
  headers.delete("location");
  return Response.json({ to }, { headers });
}

async function signInByForm(request: NextRequest): Promise<Response> {
  const { form, refusal } = await receiveForm(request);
  if (refusal !== undefined) {
    return refusal;
  }
  const credentials = { email: (form.get("email") ?? "").trim(), password: form.get("password") };
  const next = safeNextPath(form.get("next"));
  const fields = {
    email: emailProblem(credentials.email),
    password: credentials.password === null ? null : passwordProblem(credentials.password),
  };
  const { email } = credentials;
  if (fields.email !== null || fields.password !== null) {
    return await backToForm(request, flashOf({ email, fields }), next);
  }
  try {
    const caller = { requestId: requestIdOf(request.headers), address: clientAddress(request.headers) };
    return await enter(request, email, await issueToken(credentials, caller), next);
  } catch (error) {
    return await backToForm(request, flashOf({ email, ...flashOfError(error) }), next);
  }
}

/**
 * Handle the sign-out form: the session is over, here and in every tab of the browser.
 *
 * With a page to come back to it is a session renewed before its end: only the password is asked for.
 */
export async function signOut(request: NextRequest): Promise<Response> {
  const { form, refusal } = await receiveForm(request);
  if (refusal !== undefined) {
    return refusal;
  }
  const state = await readSession(request.cookies);
  const next = safeNextPath(form.get("next"));
  const flash = next === null ? flashOf({ notice: "signed-out" }) : flashOf({ notice: "renewing", email: emailOf(state) });
  const response = await backToForm(request, flash, next);
  if (state.kind === "open") {
    await endEverywhere(state.session, requestIdOf(request.headers));
  }
  for (const cookie of noSessionCookies(request.cookies, isSecure(request.url, request.headers))) {
    response.cookies.set(cookie);
  }
  return response;
}

function emailOf(state: SessionState): string {
  switch (state.kind) {
    case "open":
      return state.session.email;
    case "over":
      return state.email ?? "";
    case "none":
      return "";
  }
}

/** End a session here, and by the API in every replica; an API that is away keeps nobody signed in. */
async function endEverywhere(session: Session, requestId: string): Promise<void> {
  endSession(session.id, session.expiresAt);
  forgetSession(session);
  try {
    await logout(session.userToken, requestId);
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    if (error.kind !== "unauthenticated") {
      log("warning", "api was not told of a sign-out", { reason: error.code, request_id: requestId });
    }
  }
}

/** Who types the address of a form's target is led to the page that has the form. */
export function toTheForm(): Response {
  return seeOther("/");
}

async function issueToken({ email, password }: Credentials, caller: Caller): Promise<IssuedToken> {
  return await (password === null ? mockLogin(email, caller) : login(email, password, caller));
}

async function enter(request: NextRequest, email: string, issued: IssuedToken, next: string | null): Promise<Response> {
  const secure = isSecure(request.url, request.headers);
  const session = startSession(email, issued.token, issued.lifetimeSeconds);
  const cookies = await sessionCookies(session, request.cookies, secure);
  const before = await openSession(request.cookies);
  if (before !== null) {
    await endEverywhere(before, requestIdOf(request.headers));
  }
  const response = seeOther(next ?? "/tenants");
  for (const cookie of [...cookies, noFlashCookie(secure)]) {
    response.cookies.set(cookie);
  }
  return response;
}

async function backToForm(request: NextRequest, flash: Flash, next: string | null): Promise<NextResponse> {
  const response = seeOther(signInPath(next));
  response.cookies.set(await flashCookie(flash, isSecure(request.url, request.headers)));
  return response;
}

function flashOfError(error: unknown): Partial<Flash> {
  if (error instanceof SessionTooLargeError) {
    log("error", "a session is too large", { reason: error.message });
    return { notice: "too-many-tenants" };
  }
  if (!(error instanceof ApiError)) {
    throw error;
  }
  if (error.code === "INVALID_REQUEST") {
    return { fields: { email: "email-invalid", password: null } };
  }
  const notice = NOTICES[error.code] ?? "api-unavailable";
  const retryAtMs = notice === "throttled" ? Date.now() + (error.retryAfterSeconds ?? 60) * 1000 : null;
  return { notice, retryAtMs };
}

/** A relative address: behind a proxy this server does not know its own name. */
function seeOther(path: string): NextResponse {
  return new NextResponse(null, { status: 303, headers: { Location: path, "Cache-Control": "no-store" } });
}
