/** The figures that can stand for a dashboard on its card; its configuration names one. */
export const previewKinds = ["curve", "distribution", "bars", "lines", "heatmap", "scatter"] as const;
export type PreviewKind = (typeof previewKinds)[number];

/**
 * Which figure stands for a dashboard.
 *
 * One that names none still gets one, always the same: its slug decides.
 */
export function previewKindOf(named: unknown, slug: string): PreviewKind {
  const known = previewKinds.find((kind) => kind === named);
  return known ?? previewKinds[seedOf(slug) % previewKinds.length] ?? "curve";
}

/** A number that stands for a text (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}

/** Numbers from 0 to 1 that look random and are always the same for a seed (mulberry32). */
export function* numbersFrom(seed: number): Generator<number, never> {
  let state = seed >>> 0;
  for (;;) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
