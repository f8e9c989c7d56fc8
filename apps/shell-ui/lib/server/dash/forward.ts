import "server-only";

import type { NextRequest } from "next/server";

import { dropTenantToken, EMBED_MAX_AGE_MS, tenantAccess, tenantToken } from "../access";
import type { IssuedToken, Tenant } from "../api";
import { env } from "../env";
import { attempt } from "../refusal";
import { REQUEST_ID_HEADER } from "../request-id";
import { isSameOrigin } from "../same-origin";
import { openSession, type Session } from "../session";
import { answer, answerRedirect } from "./answer";
import type { Exchange } from "./exchange";
import { requestHeaders } from "./headers";
import { isSlug, isStaticPath, pathBelow } from "./path";
import { refuse } from "./refuse";
import { sendUpstream, UpstreamAwayError, type UpstreamRequest, type UpstreamResponse } from "./upstream";

/** Bodies up to this size are kept while they are sent, so that they can be sent again. */
const REPLAYABLE_BYTES = 256 * 1024;
const METHODS = new Set(["GET", "HEAD", "POST"]);

/** Pass a request on to a tenant's dashboard, with the tenant's token. */
export async function forwardToDashboard(request: NextRequest, exchange: Exchange): Promise<Response> {
  const { tenantSlug, dashboardSlug } = exchange;
  const prefix = `/tenant/${tenantSlug}/dash/${dashboardSlug}/`;
  const { pathname, search } = new URL(request.url);
  if (!isSlug(tenantSlug) || !isSlug(dashboardSlug)) {
    return refuse("not-found", request, exchange);
  }
  if (`${pathname}/` === prefix) {
    return new Response(null, { status: 308, headers: { Location: `${prefix}${search}` } });
  }
  const path = pathBelow(pathname, prefix);
  if (path === null) {
    return refuse("not-found", request, exchange);
  }
  if (!METHODS.has(request.method)) {
    return refuse("method", request, exchange);
  }
  if (request.method === "POST" && !isSameOrigin(request.headers)) {
    return refuse("cross-origin", request, exchange);
  }
  return await forwardForSession(request, exchange, { prefix, path: `${path}${search}` });
}

/** Pass on a request for a dashboard's own files, which are the same for everybody. */
export async function forwardStaticFile(request: NextRequest, exchange: Exchange): Promise<Response> {
  const { dashboardSlug } = exchange;
  const { pathname, search } = new URL(request.url);
  const prefix = `/dash/${dashboardSlug}/`;
  const path = isSlug(dashboardSlug) ? pathBelow(pathname, prefix) : null;
  const upstream = env().dashboardUrls.get(dashboardSlug);
  if (path === null || !isStaticPath(path) || upstream === undefined) {
    return refuse("not-found", request, exchange);
  }
  const headers = { ...requestHeaders(request.headers), [REQUEST_ID_HEADER]: exchange.requestId };
  const url = new URL(`${upstream}${prefix}${path}${search}`);
  const sent = await trySend({ url, method: request.method, headers, body: null, signal: request.signal });
  if (sent === null) {
    return refuse("away", request, exchange);
  }
  if (sent.status === 401) {
    sent.discard();
    return refuse("not-found", request, exchange);
  }
  return answer(sent, exchange);
}

interface Target {
  /** The dashboard's prefix as the browser knows it. */
  readonly prefix: string;
  /** Path below the prefix, with the query. */
  readonly path: string;
}

async function forwardForSession(request: NextRequest, exchange: Exchange, target: Target): Promise<Response> {
  const session = await openSession(request.cookies);
  if (session === null) {
    return refuse("sign-in", request, exchange);
  }
  const { requestId, tenantSlug, dashboardSlug } = exchange;
  const access = await attempt(() =>
    tenantAccess({ session, requestId, maxAgeMs: EMBED_MAX_AGE_MS }, tenantSlug),
  );
  if (access.refusal !== undefined) {
    return refuse(access.refusal, request, exchange);
  }
  const { tenant, dashboards } = access.value;
  if (!dashboards.some(({ slug }) => slug === dashboardSlug)) {
    return refuse("not-found", request, exchange);
  }
  const upstream = env().dashboardUrls.get(dashboardSlug);
  if (upstream === undefined) {
    return refuse("not-installed", request, exchange);
  }
  const url = new URL(`${upstream}/dash/${dashboardSlug}/${target.path}`);
  const sent = await attempt(() => sendWithToken(request, exchange, { session, tenant, url, prefix: target.prefix }));
  if (sent.refusal !== undefined) {
    return refuse(sent.refusal, request, exchange);
  }
  if (sent.value === null) {
    return refuse("away", request, exchange);
  }
  if (sent.value.status === 401) {
    sent.value.discard();
    return refuse("bad-answer", request, exchange);
  }
  const prefix = { from: `/dash/${dashboardSlug}/`, to: target.prefix };
  return answerRedirect(sent.value, exchange, prefix) ?? refuse("bad-answer", request, exchange);
}

interface Route {
  readonly session: Session;
  readonly tenant: Tenant;
  readonly url: URL;
  readonly prefix: string;
}

/** Send with the tenant's token, and once more with a new one when that is not accepted. */
async function sendWithToken(
  request: NextRequest,
  { requestId }: Exchange,
  { session, tenant, url, prefix }: Route,
): Promise<UpstreamResponse | null> {
  const body = await bodyOf(request);
  const send = async (token: IssuedToken): Promise<UpstreamResponse | null> => {
    const headers = {
      ...requestHeaders(request.headers),
      authorization: `Bearer ${token.token}`,
      "x-forwarded-prefix": prefix,
      [REQUEST_ID_HEADER]: requestId,
    };
    return await trySend({ url, method: request.method, headers, body, signal: request.signal });
  };
  const token = await tenantToken(session, tenant, requestId);
  const first = await send(token);
  if (first?.status !== 401) {
    return first;
  }
  dropTenantToken(session, tenant, token);
  if (body instanceof ReadableStream) {
    return first;
  }
  first.discard();
  return await send(await tenantToken(session, tenant, requestId));
}

async function trySend(request: UpstreamRequest): Promise<UpstreamResponse | null> {
  try {
    return await sendUpstream(request);
  } catch (error) {
    if (!(error instanceof UpstreamAwayError)) {
      throw error;
    }
    return null;
  }
}

/** A small body as bytes, a large one or one of unknown size as the stream that it is. */
async function bodyOf(request: NextRequest): Promise<UpstreamRequest["body"]> {
  if (request.method !== "POST" || request.body === null) {
    return null;
  }
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  return length <= REPLAYABLE_BYTES ? new Uint8Array(await request.arrayBuffer()) : request.body;
}
