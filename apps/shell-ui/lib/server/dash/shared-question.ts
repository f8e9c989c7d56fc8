import "server-only";

interface Round<T> {
  readonly running: Promise<T>;
  next: Promise<T> | null;
}

/**
 * Puts one question of a kind at a time; whoever comes while it is on its way shares the next.
 *
 * So everybody hears an answer that was given after they asked, as if each had put the question,
 * and a crowd costs no more than a few of them.
 */
export class SharedQuestion<T> {
  readonly #rounds = new Map<string, Round<T>>();

  /**
   * The answer to a question that `put` puts, or to the same one put for somebody else.
   *
   * @param key tells the question from others
   */
  async ask(key: string, put: () => Promise<T>): Promise<T> {
    const round = this.#rounds.get(key);
    if (round === undefined) {
      return await this.#put(key, put);
    }
    round.next ??= settled(round.running).then(() => this.#put(key, put));
    return await round.next;
  }

  #put(key: string, put: () => Promise<T>): Promise<T> {
    const round: Round<T> = { running: put(), next: null };
    this.#rounds.set(key, round);
    void settled(round.running).then(() => {
      if (round.next === null) {
        this.#rounds.delete(key);
      }
    });
    return round.running;
  }
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}
