import "server-only";

import { errorForm } from "../http/error-form";
import { log } from "../log";
import type { Exchange } from "./exchange";
import { forwardFile, forwardForTenant } from "./forward";
import { refuse, type DashRefusal } from "./refuse";
import type { DashRoute, Routed } from "./route";

/** Answer a request that is for a dashboard, or pretends to be. */
export async function serveDashboard(exchange: Exchange, routed: Exclude<Routed, { kind: "elsewhere" }>): Promise<void> {
  try {
    switch (routed.kind) {
      case "malformed":
        await exchange.answer(malformed(exchange));
        return;
      case "nothing":
        await exchange.answer(refuse("not-found", exchange));
        return;
      case "redirect":
        await exchange.answer(new Response(null, { status: 308, headers: { Location: routed.location } }));
        return;
      case "route":
        await forward(exchange, routed.route);
    }
  } catch (error) {
    log("error", "the proxy failed", { reason: String(error), request_id: exchange.requestId });
    await fail(exchange);
  }
}

async function forward(exchange: Exchange, route: DashRoute): Promise<void> {
  const refusal: DashRefusal | null =
    route.kind === "files" ? await forwardFile(exchange, route) : await forwardForTenant(exchange, route);
  if (refusal !== null) {
    await exchange.answer(refuse(refusal, exchange, route));
  }
}

async function fail(exchange: Exchange): Promise<void> {
  if (exchange.response.headersSent) {
    exchange.response.destroy();
  } else {
    await exchange.answer(refuse("bad-answer", exchange));
  }
}

function malformed({ requestId }: Exchange): Response {
  const message = "The request line must name a path of this host, written in ASCII.";
  return errorForm({ status: 400, code: "INVALID_REQUEST", message, requestId });
}
