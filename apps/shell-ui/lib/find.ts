/** A text as it is compared: without accents, in small letters. */
export function plain(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLocaleLowerCase("en");
}

interface Named {
  readonly name: string;
  readonly slug: string;
}

/** Those whose name or slug has all words of the query; names that begin with it come first. */
export function find<T extends Named>(items: readonly T[], query: string): readonly T[] {
  const wanted = plain(query).trim();
  if (wanted === "") {
    return items;
  }
  const words = wanted.split(/\s+/);
  const found = items.filter(({ name, slug }) => {
    const text = `${plain(name)} ${slug}`;
    return words.every((word) => text.includes(word));
  });
  const first = (item: T): boolean => plain(item.name).startsWith(wanted);
  return [...found.filter(first), ...found.filter((item) => !first(item))];
}

/** From this many on, people look for a tenant by typing rather than by reading. */
export const MANY = 9;
