import "server-only";

import { isIP, type BlockList } from "node:net";

import { env } from "./env";

const FORWARDED_FOR = "x-forwarded-for";

/**
 * The address of the person's machine, as far as it can be known; null when it cannot.
 *
 * The last entry of `X-Forwarded-For` is the address of the connection, which `client-connection.ts`
 * puts there. Entries before it are the word of whoever connected, and count only while that is a
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
