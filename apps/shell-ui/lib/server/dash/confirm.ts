import "server-only";

import { text } from "node:stream/consumers";

import { z } from "zod";

import { ApiError, type IssuedToken, type Tenant } from "../api";
import { kindOfStatus } from "../api/errors";
import { pathOf, type Answer } from "../api/routes";
import { env } from "../env";
import { REQUEST_ID_HEADER } from "../http/request-id";
import { log } from "../log";
import { SharedQuestion } from "./shared-question";
import { sendUpstream, UpstreamAwayError, type Limits } from "./upstream";

const ROUTE = "/api/dashboards/{slug}/access";
const LIMITS: Limits = { connect: 3_000, firstByte: 5_000, silence: 5_000 };

const wireAccess = z.object({ tenant_id: z.string() }) satisfies z.ZodType<Pick<Answer<typeof ROUTE>, "tenant_id">>;

/** Who asks to see which dashboard. */
export interface Wish {
  readonly token: IssuedToken;
  readonly tenant: Tenant;
  readonly dashboardSlug: string;
  readonly requestId: string;
}

/** What the API said, and to which request. */
interface Said {
  readonly status: number;
  readonly requestId: string;
}

const questions = new SharedQuestion<Said>();

/**
 * Ask the API whether the token's person may see a dashboard of the tenant, at this very moment.
 *
 * No answer is kept, nor one shared that was on its way already: access that is revoked ends with
 * the next request. A no is only theirs who asked, since the API writes down each attempt.
 *
 * @throws {ApiError} `denied` when they may not
 */
export async function confirmAccess(wish: Wish): Promise<void> {
  let said = await questions.ask(`${wish.token.token} ${wish.dashboardSlug}`, () => put(wish));
  if (kindOfStatus(said.status) === "denied" && said.requestId !== wish.requestId) {
    said = await put(wish);
  }
  if (said.status !== 200) {
    throw new ApiError(kindOfStatus(said.status), `HTTP_${String(said.status)}`);
  }
}

async function put({ token, tenant, dashboardSlug, requestId }: Wish): Promise<Said> {
  const path = pathOf(ROUTE, { slug: dashboardSlug });
  const { status, body } = await ask(path, { authorization: `Bearer ${token.token}`, [REQUEST_ID_HEADER]: requestId });
  if (status === 200 && wireAccess.safeParse(body).data?.tenant_id !== tenant.id) {
    log("error", "api answered for another tenant, or in an unexpected shape", { path, request_id: requestId });
    throw new ApiError("unavailable", "UNEXPECTED_ANSWER");
  }
  return { status, requestId };
}

/** By the way of the dashboards' own requests rather than by `fetch`, since each of those waits for it. */
async function ask(target: string, headers: Record<string, string>): Promise<{ status: number; body: unknown }> {
  try {
    const answer = await sendUpstream({ base: env().apiUrl, route: ROUTE, target, method: "GET", headers, body: null }, LIMITS);
    const said = await text(answer);
    return { status: answer.statusCode ?? 0, body: answer.statusCode === 200 ? JSON.parse(said) : null };
  } catch (cause) {
    if (cause instanceof UpstreamAwayError || cause instanceof SyntaxError || isBroken(cause)) {
      throw new ApiError("unavailable", "API_UNAVAILABLE", null, { cause });
    }
    throw cause;
  }
}

/** Whether the connection broke in the middle of the answer. */
function isBroken(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}
