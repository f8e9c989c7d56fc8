import "server-only";

import type { CacheResult } from "./watch/metrics";

interface Entry<T> {
  readonly value: T;
  readonly loadedAt: number;
}

/** Decides whether a cached value may still be used, given its age in milliseconds. */
export type IsFresh<T> = (value: T, ageMs: number) => boolean;

interface Options {
  readonly now?: () => number;
  /** Is told what came of each look. */
  readonly counted?: (result: CacheResult) => void;
}

/**
 * A bounded in-memory cache that never loads the same key twice at the same time.
 *
 * Failures are not kept: the next caller tries again.
 */
export class SingleFlightCache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #flights = new Map<string, Promise<T>>();

  readonly #now: () => number;
  readonly #counted: (result: CacheResult) => void;

  constructor(
    private readonly limit: number,
    { now = Date.now, counted = () => undefined }: Options = {},
  ) {
    this.#now = now;
    this.#counted = counted;
  }

  /** The cached value if it is fresh, else the one that `load` brings. */
  async get(key: string, isFresh: IsFresh<T>, load: () => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && isFresh(entry.value, this.#now() - entry.loadedAt)) {
      this.#counted("hit");
      return entry.value;
    }
    const flight = this.#flights.get(key);
    this.#counted(flight === undefined ? "miss" : "shared");
    return await (flight ?? this.#start(key, load));
  }

  /** Forget the value, if it is still the one that the caller found wanting. */
  drop(key: string, value: T): void {
    if (this.#entries.get(key)?.value === value) {
      this.#entries.delete(key);
    }
  }

  /** Forget every key that begins so. */
  dropAll(prefix: string): void {
    for (const key of this.#entries.keys()) {
      if (key.startsWith(prefix)) {
        this.#entries.delete(key);
      }
    }
  }

  #start(key: string, load: () => Promise<T>): Promise<T> {
    const flight = load()
      .then((value) => {
        this.#store(key, value);
        return value;
      })
      .finally(() => {
        this.#flights.delete(key);
      });
    this.#flights.set(key, flight);
    return flight;
  }

  #store(key: string, value: T): void {
    // A Map keeps insertion order: delete and set again makes the first key the oldest.
    this.#entries.delete(key);
    this.#entries.set(key, { value, loadedAt: this.#now() });
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > this.limit && oldest.done !== true) {
      this.#entries.delete(oldest.value);
    }
  }
}
