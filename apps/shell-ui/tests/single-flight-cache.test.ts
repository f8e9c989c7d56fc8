import { describe, expect, it, vi } from "vitest";

import { SingleFlightCache } from "@/lib/server/single-flight-cache";

const youngerThan = (limit: number) => (_: unknown, ageMs: number) => ageMs < limit;

describe("SingleFlightCache", () => {
  it("loads once for callers at the same time", async () => {
    const cache = new SingleFlightCache<number>(10);
    const load = vi.fn(() => Promise.resolve(7));
    const values = await Promise.all([1, 2, 3].map(() => cache.get("k", youngerThan(1000), load)));
    expect(values).toEqual([7, 7, 7]);
    expect(load).toHaveBeenCalledOnce();
  });

  it("loads again when the value is no longer fresh", async () => {
    let now = 0;
    let count = 0;
    const cache = new SingleFlightCache<number>(10, { now: () => now });
    const get = () => cache.get("k", youngerThan(100), () => Promise.resolve(++count));
    expect(await get()).toBe(1);
    now = 99;
    expect(await get()).toBe(1);
    now = 100;
    expect(await get()).toBe(2);
  });

  it("does not keep a failure", async () => {
    const cache = new SingleFlightCache<number>(10);
    await expect(cache.get("k", youngerThan(1000), () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await cache.get("k", youngerThan(1000), () => Promise.resolve(1))).toBe(1);
  });

  it("drops a value only while it is the one that was found wanting", async () => {
    const cache = new SingleFlightCache<string>(10);
    const get = (value: string) => cache.get("k", youngerThan(1000), () => Promise.resolve(value));
    await get("old");
    cache.drop("k", "old");
    expect(await get("new")).toBe("new");
    cache.drop("k", "old");
    expect(await get("newer")).toBe("new");
  });

  it("forgets by prefix and stays within its limit", async () => {
    const cache = new SingleFlightCache<string>(2);
    const get = (key: string, value: string) => cache.get(key, youngerThan(1000), () => Promise.resolve(value));
    await get("a/1", "x");
    await get("b/1", "x");
    cache.dropAll("a/");
    expect(await get("a/1", "y")).toBe("y");
    await get("c/1", "x");
    expect(await get("b/1", "y")).toBe("y");
  });
});
