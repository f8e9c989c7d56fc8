/** How a person writes dates and numbers, and the clock they live by. */
export interface Locale {
  /** A language tag that this machine can format for, such as `de-CH`. */
  readonly tag: string;
  /** A time zone, such as `Europe/Zurich`. */
  readonly zone: string;
}

/** The browser's time zone, which no header tells. */
export const ZONE_COOKIE = "kyros_zone";

export const DEFAULT_LOCALE: Locale = { tag: "en-GB", zone: "UTC" };

const MAX_HEADER_LENGTH = 500;
const TAG = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/;
const ZONE = /^[A-Za-z0-9_+/-]{1,64}$/;

/** The language that an `Accept-Language` header likes best, of those that can be formatted for. */
export function preferredTag(header: string | null): string {
  const wanted = (header ?? "")
    .slice(0, MAX_HEADER_LENGTH)
    .split(",")
    .map((entry) => {
      const [tag = "", ...parameters] = entry.split(";").map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => TAG.test(tag) && quality > 0 && quality <= 1)
    .sort((one, other) => other.quality - one.quality);
  for (const { tag } of wanted) {
    const known = supported(tag);
    if (known !== null) {
      return known;
    }
  }
  return DEFAULT_LOCALE.tag;
}

/** A time zone that this machine knows; null for anything else. */
export function parseZone(value: unknown): string | null {
  if (typeof value !== "string" || !ZONE.test(value)) {
    return null;
  }
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** A moment by the person's clock, to the second. */
export function formatMoment(moment: Date, { tag, zone }: Locale): string {
  return formatter(tag, zone).format(moment);
}

/** A number as the person writes it. */
export function formatNumber(value: number, { tag }: Locale): string {
  return new Intl.NumberFormat(tag).format(value);
}

/** The first instant of a day, `2026-03-29`, by the clock of a zone; null when there is no such day. */
export function startOfDay(day: string, zone: string, plusDays = 0): Date | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)?.slice(1).map(Number);
  const [year = 0, month = 0, date = 0] = parts ?? [];
  const asked = new Date(Date.UTC(year, month - 1, date));
  if (parts === undefined || asked.getUTCMonth() !== month - 1 || asked.getUTCDate() !== date) {
    return null;
  }
  const wall = Date.UTC(year, month - 1, date + plusDays);
  // The offset is that of the instant looked for, so it is found in two steps around a change of it.
  const guess = wall - offsetOf(new Date(wall), zone);
  return new Date(wall - offsetOf(new Date(guess), zone));
}

function supported(tag: string): string | null {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag)[0] ?? null;
  } catch {
    return null;
  }
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** In figures only: names of months would be words of another language than the page's. */
function formatter(tag: string, zone: string): Intl.DateTimeFormat {
  const key = `${tag} ${zone}`;
  const known = formatters.get(key);
  if (known !== undefined) {
    return known;
  }
  const two = "2-digit";
  const made = new Intl.DateTimeFormat(tag, {
    ...{ year: "numeric", month: two, day: two, hour: two, minute: two, second: two },
    timeZone: zone,
  });
  if (formatters.size > 200) {
    formatters.clear();
  }
  formatters.set(key, made);
  return made;
}

/** How far a zone's clock is ahead of UTC at an instant, in milliseconds. */
function offsetOf(instant: Date, zone: string): number {
  const two = "2-digit";
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...{ year: "numeric", month: two, day: two, hour: two, minute: two, second: two },
    hourCycle: "h23",
    timeZone: zone,
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(instant.getTime() / 1000) * 1000;
}
