import "server-only";

import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

import { LRUCache } from "lru-cache";

import { singleton } from "../singleton";
import { countLook } from "../watch/metrics";
import type { Exchange } from "./exchange";
import { responseHeaders } from "./headers";
import type { DashRoute } from "./route";

/** A dashboard's file as it goes to the browser. */
interface KeptFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Bytes that are kept at the most, and of one file: what two dashboards load takes some 3 MB. */
const ALL = 32 << 20;
const ONE = 4 << 20;
/** Bytes that an entry takes besides its body. */
const OVERHEAD = 2_048;

/** On each of these an answer depends besides the address; one without them is the whole file. */
const CONDITIONS = ["range", "if-none-match", "if-modified-since", "if-range"] as const;

const files = singleton(
  "dash-files",
  () =>
    new LRUCache<string, KeptFile>({
      maxSize: ALL,
      maxEntrySize: ONE,
      sizeCalculation: ({ body }, key) => body.length + key.length + OVERHEAD,
    }),
);

/** What a dashboard's whole file is kept by; null when this is not asked for. */
export function fileKey({ request, method }: Exchange, { dashboardSlug, path, search }: DashRoute): string | null {
  if (method !== "GET" || CONDITIONS.some((name) => request.headers[name] !== undefined)) {
    return null;
  }
  return [dashboardSlug, path, search, request.headers["accept-encoding"] ?? ""].join("\n");
}

/** Answer with a file that is kept; false when it is not. */
export function answerKept({ request, response }: Exchange, key: string): boolean {
  const file = files.get(key);
  countLook("files", file === undefined ? "miss" : "hit");
  if (file === undefined) {
    return false;
  }
  request.resume();
  response.writeHead(200, file.headers);
  response.end(file.body);
  return true;
}

/**
 * Keep a file while it is passed on, if its dashboard says that it will never be another one.
 *
 * In a release the names of files tell their contents, and they are the same for everybody: a
 * dashboard need not send them again for each browser that is new.
 *
 * @param sent the dashboard's answer, on its way to the browser
 */
export function keepWhileSent(key: string, sent: IncomingMessage): void {
  if (sent.statusCode !== 200 || !staysForGood(sent.headers)) {
    return;
  }
  const parts: Buffer[] = [];
  sent.on("data", (part: Buffer) => parts.push(part));
  sent.once("end", () => {
    files.set(key, { headers: responseHeaders(sent.headers), body: Buffer.concat(parts) });
  });
}

function staysForGood({ "cache-control": control = "", "content-length": length, vary = "" }: IncomingHttpHeaders) {
  const says = new Set(control.toLowerCase().split(/\s*,\s*/));
  const varies = vary.toLowerCase();
  return (
    says.has("public") &&
    says.has("immutable") &&
    Number(length) <= ONE &&
    (varies === "" || varies === "accept-encoding")
  );
}
