import "server-only";

import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { collectDefaultMetrics } from "prom-client";

import { env } from "../env";
import { log } from "../log";
import { singleton } from "../singleton";
import { registry } from "./metrics";

/** Servers of this process that are not the shell's: nothing stands in front of them. */
const apart = singleton("servers-apart", () => new WeakSet<Server>());

/** Whether a server is one of those on which the shell does not answer. */
export function standsApart(server: Server): boolean {
  return apart.has(server);
}

/**
 * Serve what was counted at `METRICS_PORT`; without one, nothing.
 *
 * By a server of its own, so that neither the edge nor the shell's proxy leads there. A port that
 * cannot be opened ends the process with one sentence.
 */
export async function serveMetrics({ metricsPort, metricsHost } = env()): Promise<Server | null> {
  if (metricsPort === 0) {
    return null;
  }
  collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  apart.add(server);
  try {
    await listen(server, metricsPort, metricsHost);
  } catch (error) {
    const where = `${metricsHost}:${String(metricsPort)}`;
    process.stderr.write(
      `shell-ui cannot serve metrics at ${where} (${String(error)}): set METRICS_PORT to a free port, or METRICS_HOST to an address of this machine.\n`,
    );
    process.exit(1);
  }
  // Whoever stops the shell does not wait for it.
  server.unref();
  return server;
}

/** Listen at the first of a name's addresses that is this machine's: while a container replaces another, they share a name. */
async function listen(server: Server, port: number, host: string): Promise<void> {
  let why: unknown = new Error("the name has no address");
  for (const { address } of await lookup(host, { all: true })) {
    try {
      server.listen(port, address);
      await once(server, "listening");
      return;
    } catch (error) {
      why = error;
    }
  }
  throw why;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume();
  try {
    const read = await registry.metrics();
    response.writeHead(200, { "Content-Type": registry.contentType }).end(read);
  } catch (error) {
    log("error", "metrics cannot be read", { reason: String(error) });
    response.writeHead(500).end();
  }
}
