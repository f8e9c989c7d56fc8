import { describe, expect, it } from "vitest";

import { addressList } from "@/lib/server/http/address-list";
import { clientAddress } from "@/lib/server/http/client-address";

const proxies = addressList("10.0.0.0/8, 192.168.1.1, fd00::/8");

function addressOf(forwardedFor: string | null, trusted = proxies) {
  return clientAddress(new Headers(forwardedFor === null ? {} : { "x-forwarded-for": forwardedFor }), trusted);
}

describe("clientAddress", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["203.0.113.7, 10.1.2.3", "203.0.113.7"],
    ["198.51.100.9, 203.0.113.7, 10.1.2.3, 192.168.1.1", "203.0.113.7"],
    ["2001:db8::1, fd00::5", "2001:db8::1"],
    ["203.0.113.7, ::ffff:10.1.2.3", "203.0.113.7"],
    ["10.1.2.3", "10.1.2.3"],
    ["10.9.9.9, 10.1.2.3", "10.9.9.9"],
  ])("takes from %o the first from the right that is no proxy of ours: %o", (given, expected) => {
    expect(addressOf(given)).toBe(expected);
  });

  it("takes nobody's word when no proxy is named", () => {
    expect(addressOf("203.0.113.7, 10.1.2.3", addressList(""))).toBe("10.1.2.3");
  });

  it("stops at what is no address", () => {
    expect(addressOf("203.0.113.7, nonsense, 10.1.2.3")).toBe("10.1.2.3");
    expect(addressOf("nonsense")).toBeNull();
    expect(addressOf(null)).toBeNull();
  });
});

describe("addressList", () => {
  it.each(["nonsense", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/x", "10.0.0.0/", "fd00::/129", "*"])("names %o", (entry) => {
    expect(() => addressList(`127.0.0.1,${entry}`)).toThrow(entry);
  });
});
