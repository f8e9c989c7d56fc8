import "server-only";

import { outerAddress } from "@/lib/embed-path";

import { errorForm } from "../http/error-form";
import { isNavigation } from "../http/navigation";
import { standInPage } from "../http/stand-in";
import { themeOf } from "../http/theme";
import type { Refusal } from "../refusal";
import { signInPath } from "../sign-in/next-path";
import { countDenial } from "../watch/metrics";
import type { Exchange } from "./exchange";
import type { DashRoute } from "./route";

/** Why a request for a dashboard is not passed on, or its answer is not. */
export type DashRefusal = Refusal | "away" | "bad-answer" | "cross-origin" | "late" | "method" | "not-installed";

interface Wording {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly message: string;
  readonly retry?: boolean;
}

const WORDING: Record<DashRefusal, Wording> = {
  "sign-in": {
    status: 401,
    code: "SESSION_ENDED",
    title: "Your session has ended",
    message: "Sign in again to go on where you were.",
  },
  "not-found": {
    status: 404,
    code: "NOT_FOUND",
    title: "Not found",
    message: "There is nothing at this address, or it is not yours to see.",
  },
  unavailable: {
    status: 503,
    code: "API_UNAVAILABLE",
    title: "Kyros is away for a moment",
    message: "This page tries again by itself.",
    retry: true,
  },
  away: {
    status: 503,
    code: "DASHBOARD_UNAVAILABLE",
    title: "This dashboard is away for a moment",
    message: "It is probably restarting. This page tries again by itself.",
    retry: true,
  },
  late: {
    status: 504,
    code: "DASHBOARD_TIMEOUT",
    title: "This dashboard takes too long",
    message: "It took the request and gave no answer. This page tries again by itself.",
    retry: true,
  },
  "not-installed": {
    status: 503,
    code: "DASHBOARD_NOT_INSTALLED",
    title: "This dashboard is not running here",
    message: "It is assigned to this tenant, but this installation has no address for it.",
  },
  "bad-answer": {
    status: 502,
    code: "DASHBOARD_FAILED",
    title: "This dashboard gave no usable answer",
    message: "This page tries again by itself. If it stays, tell whoever runs this installation.",
    retry: true,
  },
  "cross-origin": {
    status: 403,
    code: "CROSS_ORIGIN",
    title: "Refused",
    message: "This request did not come from a page of this site.",
  },
  method: {
    status: 405,
    code: "METHOD_NOT_ALLOWED",
    title: "Refused",
    message: "Dashboards answer GET, HEAD and POST only.",
  },
};

/** What of a request decides how it is refused. */
type Asked = Pick<Exchange, "headers" | "requestId">;

/** Say why not: by a page where a person would see it, else in the error form. */
export function refuse(refusal: DashRefusal, exchange: Asked, route?: DashRoute): Response {
  const { status, code, title, message, retry } = WORDING[refusal];
  const { requestId } = exchange;
  if (status === 401 || status === 403) {
    countDenial(code);
  }
  if (!isNavigation(exchange.headers)) {
    return errorForm({ status, code, message, requestId });
  }
  const theme = themeOf(exchange.headers);
  const page = { status, title, message, requestId, theme, ...(retry === undefined ? {} : { retry }) };
  if (refusal !== "sign-in") {
    return standInPage(page);
  }
  const href = signInPath(route === undefined ? null : outerPath(route));
  if (exchange.headers.get("sec-fetch-dest") === "iframe") {
    return standInPage({ ...page, link: { href, text: "Sign in" } });
  }
  return new Response(null, { status: 307, headers: { Location: href, "Cache-Control": "no-store" } });
}

/** The page around an embedded dashboard, with the filters of the embedded address. */
function outerPath({ tenantSlug, dashboardSlug, search }: DashRoute): string {
  return outerAddress(`/tenant/${tenantSlug}/dashboard/${dashboardSlug}`, search);
}
