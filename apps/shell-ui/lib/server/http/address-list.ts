import "server-only";

import { BlockList, isIP } from "node:net";

/**
 * Addresses and networks, separated by commas, as a list to check against.
 *
 * @throws {RangeError} names the entry that is neither
 */
export function addressList(text: string): BlockList {
  const list = new BlockList();
  const entries = text.split(",").map((entry) => entry.trim());
  for (const entry of entries.filter((one) => one !== "")) {
    const [address = "", prefix, ...more] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const longest = family === "ipv6" ? 128 : 32;
    const length = prefix === undefined ? longest : Number(prefix);
    if (isIP(address) === 0 || more.length > 0 || !/^\d{1,3}$/.test(prefix ?? "0") || length > longest) {
      throw new RangeError(entry);
    }
    list.addSubnet(address, length, family);
  }
  return list;
}
