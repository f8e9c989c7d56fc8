import "server-only";

import { subscribe } from "node:diagnostics_channel";
import { Server, type IncomingMessage, type ServerResponse } from "node:http";

import { Exchange } from "./dash/exchange";
import { refuse } from "./dash/refuse";
import { routeOf } from "./dash/route";
import { serveDashboard } from "./dash/serve";
import { isDevServer } from "./env";
import { recordConnection } from "./http/client-address";
import { refuseUpgrades, type UpgradeListener } from "./http/refuse-upgrade";
import { requestIdOf } from "./http/request-id";
import { setSecurityHeaders } from "./http/security";
import { finishBeforeTheEnd, letGoWhenStopped } from "./http/stop";
import { answerUnreadable } from "./http/unreadable-requests";
import { singleton } from "./singleton";
import { onBehalfOf, watched } from "./watch/request";
import { standsApart } from "./watch/serve";
import { dashboardTemplateOf, UNKNOWN } from "./watch/template";
import { flushTraces } from "./watch/tracing";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Node says this of each connection, before anything of it is read. */
const CONNECTED = "net.server.socket";
/** And this of each request, with its server, before it hands the request to anybody. */
const REQUEST_STARTS = "http.server.request.start";

/** Shared with the routes, which Next bundles apart. */
const front = singleton("front", () => ({ stands: false }));

/**
 * Stand in front of Next in this process: do for every request what Next leaves out, answer for
 * dashboards, and leave all else to it.
 *
 * Next makes the server and shows it to nobody, with `next dev` as with the standalone build; so it
 * is met at its first connection, or at the first request of one that is older. docs/adr/0020 says why.
 */
export function standInFront(): void {
  if (front.stands) {
    return;
  }
  front.stands = true;
  const met = new WeakSet<Server>();
  const meet = (server: Server): void => {
    if (!met.has(server) && !standsApart(server)) {
      met.add(server);
      standBefore(server);
      letGoWhenStopped(server);
      finishBeforeTheEnd(server, flushTraces);
    }
  };
  subscribe(CONNECTED, (message) => {
    const { server } = (message as { socket: { server?: Server } }).socket;
    if (server instanceof Server) {
      meet(server);
    }
  });
  subscribe(REQUEST_STARTS, (message) => {
    meet((message as { server: Server }).server);
  });
}

/** Put our listeners before those that a server has. */
export function standBefore(server: Server): void {
  answerUnreadable(server);
  const behind = server.listeners("request") as Listener[];
  server.removeAllListeners("request");
  server.on("request", frontOf(behind));
  const upgraded = server.listeners("upgrade") as UpgradeListener[];
  server.removeAllListeners("upgrade");
  server.on("upgrade", refuseUpgrades(isDevServer ? upgraded : []));
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
      const template = routed.kind === "route" ? dashboardTemplateOf(routed.route.kind, routed.route.path) : UNKNOWN;
      const exchange = new Exchange(request, response, template);
      onBehalfOf(exchange.caller, () => void serveDashboard(exchange, routed));
      return;
    }
    recordConnection(request);
    setSecurityHeaders(request, response);
    watched(request, response, () => {
      for (const listener of behind) {
        listener(request, response);
      }
    });
  };
}
