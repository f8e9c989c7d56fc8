import { describe, expect, it } from "vitest";

import { find } from "@/lib/find";
import { nextIndex, typedIndex } from "@/lib/list-keys";
import { numbersFrom, previewKindOf, previewKinds, seedOf } from "@/lib/preview-kind";

const TENANTS = ["Acme Corporation", "Müller & Söhne", "Beta Industries", "New Acme"].map((name, index) => ({
  name,
  slug: `t${String(index)}`,
}));

function names(query: string): string[] {
  return find(TENANTS, query).map(({ name }) => name);
}

describe("find", () => {
  it("finds all where nothing is asked", () => {
    expect(names("  ")).toHaveLength(4);
  });

  it("finds by any part, the beginning first, without accents and capitals", () => {
    expect(names("acme")).toEqual(["Acme Corporation", "New Acme"]);
    expect(names("muller")).toEqual(["Müller & Söhne"]);
    expect(names("SÖHNE mül")).toEqual(["Müller & Söhne"]);
    expect(names("t2")).toEqual(["Beta Industries"]);
    expect(names("acme beta")).toEqual([]);
  });
});

describe("nextIndex", () => {
  it.each([
    ["ArrowDown", 0, 1],
    ["ArrowDown", 2, 0],
    ["ArrowUp", 0, 2],
    ["ArrowUp", -1, 2],
    ["ArrowDown", -1, 0],
    ["Home", 2, 0],
    ["End", 0, 2],
    ["x", 0, null],
  ])("%s from %i of three leads to %o", (key, from, expected) => {
    expect(nextIndex(key, from, 3)).toBe(expected);
  });

  it("leads nowhere in an empty list", () => {
    expect(nextIndex("End", 0, 0)).toBeNull();
  });
});

describe("typedIndex", () => {
  const list = ["acme", "alpha", "beta", "bravo"];

  it("goes to the next that begins so, round the end", () => {
    expect(typedIndex(list, "b", 0)).toBe(2);
    expect(typedIndex(list, "b", 2)).toBe(3);
    expect(typedIndex(list, "b", 3)).toBe(2);
    expect(typedIndex(list, "bb", 2)).toBe(3);
  });

  it("stays where it is while that still fits", () => {
    expect(typedIndex(list, "br", 2)).toBe(3);
    expect(typedIndex(list, "be", 2)).toBe(2);
    expect(typedIndex(list, "z", 2)).toBeNull();
  });
});

describe("previewKindOf", () => {
  it("takes the kind that is named", () => {
    expect(previewKindOf("heatmap", "anything")).toBe("heatmap");
  });

  it.each([undefined, "pie", 7, null])("draws one for %o as well, always the same", (named) => {
    const kind = previewKindOf(named, "a-third-dashboard");
    expect(previewKinds).toContain(kind);
    expect(previewKindOf(named, "a-third-dashboard")).toBe(kind);
  });
});

describe("numbersFrom", () => {
  it("repeats itself for a seed, within 0 and 1, and differs for another", () => {
    const some = (seed: number) => {
      const numbers = numbersFrom(seed);
      return Array.from({ length: 50 }, () => numbers.next().value);
    };
    expect(some(seedOf("a"))).toEqual(some(seedOf("a")));
    expect(some(seedOf("a"))).not.toEqual(some(seedOf("b")));
    expect(some(1).every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(some(1)).size).toBeGreaterThan(45);
  });
});
