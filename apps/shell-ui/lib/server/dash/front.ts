import "server-only";

import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

import { errorForm } from "../error-form";
import { log } from "../log";
import { requestIdOf } from "../request-id";
import { setSecurityHeaders } from "../security";
import { singleton } from "../singleton";
import { Exchange } from "./exchange";
import { forwardFile, forwardForTenant } from "./forward";
import { refuse, type DashRefusal } from "./refuse";
import { routeOf, type DashRoute, type Routed } from "./route";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Node says this of each request, with its server, before it hands the request to anybody. */
const REQUEST_STARTS = "http.server.request.start";

/** Shared with the routes, which Next bundles apart. */
const front = singleton("front", () => ({ stands: false }));

/**
 * Stand in front of Next in this process: answer for dashboards, and leave all else to it.
 *
 * Next makes the server and shows it to nobody, with `next dev` as with the standalone build; so it
 * is met at its first request. docs/adr/0020 says why.
 */
export function standInFront(): void {
  front.stands = true;
  const met = new WeakSet<Server>();
  subscribe(REQUEST_STARTS, (message) => {
    const { server } = message as { server: Server };
    if (met.has(server)) {
      return;
    }
    met.add(server);
    const behind = server.listeners("request") as Listener[];
    server.removeAllListeners("request");
    server.on("request", frontOf(behind));
  });
}

/**
 * Answer a request for a dashboard that came to Next: nothing is passed on from there.
 *
 * Either this process has just been started, and the request came before the front stood; or the
 * path is written so that only Next takes it for a dashboard's.
 */
export function answerBehindFront(request: Request): Response {
  const asked = { headers: request.headers, requestId: requestIdOf(request.headers) };
  return refuse(front.stands ? "not-found" : "unavailable", asked);
}

/** A listener that answers for dashboards, and hands every other request to those behind it. */
export function frontOf(behind: readonly Listener[]): Listener {
  return (request, response) => {
    const routed = routeOf(request.url ?? "");
    if (routed.kind !== "elsewhere") {
      void handle(new Exchange(request, response), routed);
      return;
    }
    setSecurityHeaders(request, response);
    for (const listener of behind) {
      listener(request, response);
    }
  };
}

async function handle(exchange: Exchange, routed: Exclude<Routed, { kind: "elsewhere" }>): Promise<void> {
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
