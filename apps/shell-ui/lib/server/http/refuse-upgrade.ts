import "server-only";

import { ServerResponse, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

import { log } from "../log";
import { closeAfterWriting } from "./close-after";
import { errorForm } from "./error-form";
import { requestIdOf } from "./request-id";
import { setSecurityHeaders } from "./security";

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Where the hot reload of development talks. */
const HOT_RELOAD = "/_next/";

/**
 * A listener that refuses whoever wants to go on by WebSocket, or by anything else than HTTP/1.1.
 *
 * Nothing here speaks it. Next would keep such a connection open for good, for a server that
 * might be listening beside it.
 *
 * @param hotReload who is there for the hot reload; nobody in production
 */
export function refuseUpgrades(hotReload: readonly UpgradeListener[]): UpgradeListener {
  return (request, socket, head) => {
    if (hotReload.length > 0 && request.url?.startsWith(HOT_RELOAD) === true) {
      for (const listener of hotReload) {
        listener(request, socket, head);
      }
      return;
    }
    void refuse(request, socket);
  };
}

async function refuse(request: IncomingMessage, socket: Duplex): Promise<void> {
  // Node has let go of the connection: an error of it that nobody hears ends the process.
  socket.on("error", () => {
    socket.destroy();
  });
  const { headers, method, url = "" } = request;
  const requestId = requestIdOf({ get: (name) => headers[name]?.toString() ?? null });
  const message = "Nothing here speaks anything but HTTP: ask without the header Upgrade.";
  const problem = errorForm({ status: 400, code: "UPGRADE_REFUSED", message, requestId });
  const body = await problem.text();
  if (socket.destroyed) {
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // Declared as less than it is.
  response.assignSocket(socket as unknown as Socket);
  setSecurityHeaders(request, response);
  response.setHeaders(problem.headers);
  response.once("finish", () => {
    closeAfterWriting(socket);
  });
  response.writeHead(problem.status, { "content-length": Buffer.byteLength(body) }).end(method === "HEAD" ? "" : body);
  log("info", "refused an upgrade", { path: url.split("?", 1)[0], status: problem.status, request_id: requestId });
}
