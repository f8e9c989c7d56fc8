import "server-only";

import type { IncomingMessage } from "node:http";
import { isIP, type BlockList } from "node:net";

import { env } from "../env";

const FORWARDED_FOR = "x-forwarded-for";

/**
 * Add the connection's address to the end of `X-Forwarded-For`, as every proxy does.
 *
 * Next adds it only where there is none, and then nobody can tell whose word it is.
 */
export function recordConnection({ headers, socket }: IncomingMessage): void {
  headers[FORWARDED_FOR] = [headers[FORWARDED_FOR], socket.remoteAddress].flat().filter(Boolean).join(", ");
}

/**
 * The address of the person's machine, as far as it can be known; null when it cannot.
 *
 * The last entry of `X-Forwarded-For` is the address of the connection, which
 * {@link recordConnection} puts there. Entries before it are the word of whoever connected, and count only while that is a
 * proxy of ours.
 */
export function clientAddress(headers: Headers, proxies: BlockList = env().trustedProxies): string | null {
  const entries = (headers.get(FORWARDED_FOR) ?? "").split(",").map(plainAddress);
  let address: string | null = null;
  for (const entry of entries.reverse()) {
    if (isIP(entry) === 0) {
      break;
    }
    address = entry;
    if (!proxies.check(entry, isIP(entry) === 6 ? "ipv6" : "ipv4")) {
      break;
    }
  }
  return address;
}

/** An IPv4 address that a socket for both kinds reports in the form of IPv6 is one of IPv4. */
function plainAddress(entry: string): string {
  return entry.trim().replace(/^::ffff:(?=\d+\.)/i, "");
}
