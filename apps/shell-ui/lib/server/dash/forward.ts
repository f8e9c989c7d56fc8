import "server-only";

import type { IncomingMessage } from "node:http";

import { dropTenantToken, tenantBySlug, tenantToken } from "../access";
import type { Tenant } from "../api";
import { env } from "../env";
import { REQUEST_ID_HEADER } from "../http/request-id";
import { attempt, type Attempt } from "../refusal";
import type { Session } from "../session/session";
import { upstreamTemplateOf } from "../watch/template";
import { ReplayableBody } from "./body";
import { confirmAccess } from "./confirm";
import type { Exchange } from "./exchange";
import { requestHeaders, responseHeaders, rewriteLocation } from "./headers";
import { answerKept, fileKey, keepWhileSent } from "./kept-files";
import { isForeign } from "./origin";
import type { DashRefusal } from "./refuse";
import type { DashRoute } from "./route";
import { sessionOf } from "./sessions";
import { sendUpstream, UpstreamAwayError, type UpstreamRequest } from "./upstream";

/** What has become of a request: a dashboard's answer, or the reason why there is none. */
type Sent = IncomingMessage | DashRefusal;

/** Pass on a request for a dashboard's own files; returns why not, if not. */
export async function forwardFile(exchange: Exchange, route: DashRoute): Promise<DashRefusal | null> {
  if (exchange.method !== "GET" && exchange.method !== "HEAD") {
    return "method";
  }
  const base = env().dashboardUrls.get(route.dashboardSlug);
  if (base === undefined) {
    return "not-found";
  }
  const key = fileKey(exchange, route);
  if (key !== null && answerKept(exchange, key)) {
    return null;
  }
  const sent = await send(exchange, route, { base, headers: {}, body: null, signal: exchange.left });
  if (typeof sent === "string") {
    return sent;
  }
  if (sent.statusCode === 401) {
    sent.resume();
    return "not-found";
  }
  const refusal = passOn(exchange, route, sent);
  if (key !== null && refusal === null) {
    keepWhileSent(key, sent);
  }
  return refusal;
}

/** Pass a request on to a tenant's dashboard, with the tenant's token; returns why not, if not. */
export async function forwardForTenant(exchange: Exchange, route: DashRoute): Promise<DashRefusal | null> {
  const { method, headers, requestId } = exchange;
  if (method !== "GET" && method !== "HEAD" && method !== "POST") {
    return "method";
  }
  if (isForeign(method, headers)) {
    return "cross-origin";
  }
  const session = await sessionOf(headers.get("cookie"));
  if (session === null) {
    return "sign-in";
  }
  exchange.caller.user = session.userId;
  const found = await attempt(() => tenantBySlug(session, route.tenantSlug, requestId));
  if (found.refusal !== undefined) {
    return found.refusal;
  }
  exchange.caller.tenant = found.value.id;
  const sent = await sendAsTenant(exchange, route, { session, tenant: found.value });
  if (typeof sent === "string") {
    return sent;
  }
  if (sent.statusCode === 401) {
    sent.resume();
    return "bad-answer";
  }
  return passOn(exchange, route, sent);
}

interface Member {
  readonly session: Session;
  readonly tenant: Tenant;
}

/** Send with the tenant's token, and once more with a new one when that is not accepted. */
async function sendAsTenant(exchange: Exchange, route: DashRoute, member: Member): Promise<Sent> {
  const body = exchange.method === "POST" ? new ReplayableBody(exchange.request) : null;
  const first = await tryAsTenant(exchange, route, member, body);
  if (first !== "stale-token") {
    return first;
  }
  if (body?.replayable === false) {
    return "bad-answer";
  }
  const second = await tryAsTenant(exchange, route, member, body);
  return second === "stale-token" ? "bad-answer" : second;
}

/**
 * Ask the API whether this person may still see the dashboard, and the dashboard for its answer.
 *
 * Both at once, since one does not wait for the other; but nothing of the answer is passed on
 * before the API has said yes. Much of what a dashboard serves never reaches the API.
 */
async function tryAsTenant(
  exchange: Exchange,
  route: DashRoute,
  { session, tenant }: Member,
  body: ReplayableBody | null,
): Promise<Sent | "stale-token"> {
  const { requestId } = exchange;
  const base = env().dashboardUrls.get(route.dashboardSlug);
  const token = await attempt(() => tenantToken(session, tenant, requestId));
  if (token.refusal !== undefined) {
    return token.refusal;
  }
  const confirming = attempt(() =>
    confirmAccess({ token: token.value, tenant, dashboardSlug: route.dashboardSlug, requestId }),
  );
  if (base === undefined) {
    return (await confirming).refusal ?? "not-installed";
  }
  const refused = new AbortController();
  const signal = AbortSignal.any([exchange.left, refused.signal]);
  const headers = { authorization: `Bearer ${token.value.token}`, "x-forwarded-prefix": route.prefix };
  const sending = send(exchange, route, { base, headers, body, signal });
  const { refusal }: Attempt<void> = await confirming;
  if (refusal !== undefined && refusal !== "sign-in") {
    refused.abort();
    await sending;
    return refusal;
  }
  const sent = await sending;
  const isStale = refusal === "sign-in" || (typeof sent !== "string" && sent.statusCode === 401);
  if (!isStale) {
    return sent;
  }
  if (typeof sent !== "string") {
    sent.resume();
  }
  dropTenantToken(session, tenant, token.value);
  return "stale-token";
}

async function send(
  { request, method, requestId }: Exchange,
  { dashboardSlug, path, search }: DashRoute,
  { base, headers, body, signal }: Pick<UpstreamRequest, "base" | "headers" | "body" | "signal">,
): Promise<Sent> {
  try {
    return await sendUpstream({
      base,
      route: upstreamTemplateOf(path),
      target: `/dash/${dashboardSlug}/${path}${search}`,
      method,
      headers: { ...requestHeaders(request.headers, body !== null), ...headers, [REQUEST_ID_HEADER]: requestId },
      body,
      signal,
    });
  } catch (error) {
    if (!(error instanceof UpstreamAwayError)) {
      throw error;
    }
    return error.late ? "late" : "away";
  }
}

/** Give a dashboard's answer to the browser as it comes; a redirect must stay with the dashboard. */
function passOn({ response }: Exchange, route: DashRoute, sent: IncomingMessage): DashRefusal | null {
  const headers = responseHeaders(sent.headers);
  if (sent.headers.location !== undefined) {
    const location = rewriteLocation(sent.headers.location, `/dash/${route.dashboardSlug}/`, route.prefix);
    if (location === null) {
      sent.resume();
      return "bad-answer";
    }
    headers.location = location;
  }
  response.writeHead(sent.statusCode ?? 502, headers);
  // Half an answer must not look like a whole one. That the browser is gone ends the request by its
  // signal; `pipeline`, which sees to both, takes a tenth of all the time that an answer takes here.
  sent.on("error", () => response.destroy());
  sent.pipe(response);
  return null;
}
