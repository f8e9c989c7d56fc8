/** Where a key leads in a list of `count` items, from `index`; null when it leads nowhere. */
export function nextIndex(key: string, index: number, count: number): number | null {
  if (count === 0) {
    return null;
  }
  switch (key) {
    case "ArrowDown":
      return (index + 1) % count;
    case "ArrowUp":
      return index <= 0 ? count - 1 : index - 1;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/**
 * The next item whose name begins with what was typed, round the end; null when there is none.
 *
 * One letter goes on to the next such item, as does the same letter again.
 */
export function typedIndex(names: readonly string[], typed: string, index: number): number | null {
  const letters = new Set(typed);
  const wanted = letters.size === 1 ? [...letters].join("") : typed;
  const from = wanted.length === 1 ? index + 1 : index;
  for (let step = 0; step < names.length; step += 1) {
    const at = (Math.max(from, 0) + step) % names.length;
    if (names[at]?.startsWith(wanted) === true) {
      return at;
    }
  }
  return null;
}
