import "server-only";

import { NextResponse, type NextRequest } from "next/server";

import { memberships, PAGE_MAX_AGE_MS, tenantAccess, type AccessRequest } from "./access";
import { signInOptions } from "./api";
import { newNonce, pagePolicy } from "./http/csp";
import { REQUEST_ID_HEADER, requestIdOf } from "./http/request-id";
import { isSecure } from "./http/same-origin";
import { standInPage } from "./http/stand-in";
import { themeOf } from "./http/theme";
import { attempt } from "./refusal";
import { noSessionCookies, openSession, readSession, type Session } from "./session/session";
import { FLASH_COOKIE, FLASH_HEADER, flashCookie, flashOf, isLasting, noFlashCookie, openFlash, sealFlash } from "./sign-in/flash";
import { safeNextPath, signInPath } from "./sign-in/next-path";
import { allowedTools, toolOf } from "./tools";

const STAND_INS = {
  "not-found": {
    status: 404,
    title: "There is nothing here",
    message: "The address is mistyped.",
    link: { href: "/tenants", text: "Go to your tenants" },
  },
  unavailable: {
    status: 503,
    title: "Kyros is away for a moment",
    message: "This page tries again by itself and goes on as soon as it can.",
    retry: true,
  },
} as const;

const SIGN_IN = "/sign-in";
/** Embedded dashboards see to themselves. */
const EMBED_PATH = /^\/tenant\/[^/]+\/dash\//;
const TENANT_PATH = /^\/tenant\/([^/]+)(?:\/|$)/;

type Decision =
  | { readonly kind: "proceed"; readonly status?: 403 | 503 }
  | { readonly kind: "redirect"; readonly to: string; readonly endSession?: boolean }
  | { readonly kind: "not-found" }
  | { readonly kind: "unavailable" };

/**
 * What happens before any page: request id, security policy, and whether the page may be shown.
 *
 * Whether the API is there is asked here and not in the page, because a page of Next.js cannot
 * answer 503 by itself. The status given here to a page that goes on is the one that is sent.
 */
export async function gate(request: NextRequest): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  const policy = pagePolicy(newNonce());
  const decision = await decide(request, requestId);

  const headers = new Headers(request.headers);
  headers.set(REQUEST_ID_HEADER, requestId);
  // Next reads the nonce for its own scripts from the policy in the *request*.
  headers.set("content-security-policy", policy);
  // Shown once, so removed with this response. Next shows the page the cookies as they will be
  // after it, hence the header; what somebody sends under its name is overwritten.
  headers.set(FLASH_HEADER, await flashOfRequest(request));

  const response = await respond(request, decision, headers);
  if (!response.headers.has("content-security-policy")) {
    response.headers.set("content-security-policy", policy);
  }
  response.headers.set(REQUEST_ID_HEADER, requestId);
  return response;
}

/** What the sign-in page is to say: why the last attempt failed, or else that the session is over. */
async function flashOfRequest(request: NextRequest): Promise<string> {
  const left = request.cookies.get(FLASH_COOKIE)?.value ?? "";
  if (left !== "" || request.nextUrl.pathname !== SIGN_IN) {
    return left;
  }
  const state = await readSession(request.cookies);
  return state.kind === "over" ? await sealFlash(flashOf({ notice: "session-ended", email: state.email ?? "" })) : "";
}

async function respond(request: NextRequest, decision: Decision, headers: Headers): Promise<Response> {
  const secure = isSecure(request.url, request.headers);
  if (decision.kind === "redirect") {
    const response = NextResponse.redirect(new URL(decision.to, request.url), 307);
    if (decision.endSession === true) {
      for (const cookie of noSessionCookies(request.cookies, secure)) {
        response.cookies.set(cookie);
      }
      response.cookies.set(await flashCookie(flashOf({ notice: "session-ended" }), secure));
    }
    return response;
  }
  if (decision.kind === "not-found" || decision.kind === "unavailable") {
    const stated = { branded: true, requestId: requestIdOf(headers), theme: themeOf(request.headers) };
    return standInPage({ ...STAND_INS[decision.kind], ...stated });
  }
  const response = NextResponse.next({ status: decision.status ?? 200, request: { headers } });
  if (request.nextUrl.pathname === SIGN_IN && request.method === "GET" && response.status === 200) {
    await removeWhatIsShown(request, response, secure);
  }
  return response;
}

async function removeWhatIsShown(request: NextRequest, response: NextResponse, secure: boolean): Promise<void> {
  const flash = request.cookies.get(FLASH_COOKIE)?.value;
  if (flash !== undefined && !isLasting(await openFlash(flash))) {
    response.cookies.set(noFlashCookie(secure));
  }
  // Whoever is let through to this page has no session: what there may be is over, or not ours.
  for (const cookie of noSessionCookies(request.cookies, secure).filter(({ name }) => request.cookies.has(name))) {
    response.cookies.set(cookie);
  }
}

async function decide(request: NextRequest, requestId: string): Promise<Decision> {
  const { pathname } = request.nextUrl;
  if (!isDecodable(pathname)) {
    return { kind: "not-found" };
  }
  const session = await openSession(request.cookies);
  if (pathname === SIGN_IN) {
    return await decideSignIn(request, session, requestId);
  }
  if (pathname === "/") {
    return { kind: "redirect", to: session === null ? SIGN_IN : "/tenants" };
  }
  if (pathname === "/tenants" || (pathname.startsWith("/tenant/") && !EMBED_PATH.test(pathname))) {
    return await decideMembersPage(request, session, requestId);
  }
  return { kind: "proceed" };
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

async function decideSignIn(request: NextRequest, session: Session | null, requestId: string): Promise<Decision> {
  if (session !== null) {
    return { kind: "redirect", to: safeNextPath(request.nextUrl.searchParams.get("next")) ?? "/tenants" };
  }
  const { refusal } = await attempt(() => signInOptions(requestId));
  return refusal === undefined ? { kind: "proceed" } : { kind: "proceed", status: 503 };
}

async function decideMembersPage(request: NextRequest, session: Session | null, requestId: string): Promise<Decision> {
  const { pathname, search } = request.nextUrl;
  const toSignIn = signInPath(`${pathname}${search}`);
  if (session === null) {
    return { kind: "redirect", to: toSignIn };
  }
  const { refusal, value } = await attempt(() => ask({ session, requestId, maxAgeMs: PAGE_MAX_AGE_MS }, pathname));
  switch (refusal) {
    case "sign-in":
      // The API no longer takes the token: with the cookie left, /sign-in would send right back.
      return { kind: "redirect", to: toSignIn, endSession: true };
    case "unavailable":
      return { kind: "unavailable" };
    case "not-found":
      // The page answers that, with its own 404.
      return { kind: "proceed" };
    default:
      return value ? { kind: "proceed" } : { kind: "proceed", status: 403 };
  }
}

/** Ask for just what the page will need, so that it finds the answer fresh; says whether it is for them. */
async function ask(access: AccessRequest, pathname: string): Promise<boolean> {
  const slug = TENANT_PATH.exec(pathname)?.[1];
  if (slug === undefined) {
    await memberships(access);
    return true;
  }
  const { tenant } = await tenantAccess(access, slug);
  const tool = toolOf(pathname);
  return tool === null || (await allowedTools(tenant, access.requestId)).includes(tool);
}
