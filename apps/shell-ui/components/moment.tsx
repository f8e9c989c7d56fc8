"use client";

import { useSyncExternalStore } from "react";

import { formatMoment, type Locale } from "@/lib/locale";

interface MomentProps {
  /** ISO 8601, with its offset. */
  readonly at: string;
  /** As the server wrote it. */
  readonly text: string;
  readonly locale: Locale;
}

const never = () => () => undefined;
const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * A moment by the person's own clock.
 *
 * The text is the server's, so that what the browser makes of the page is the same, whatever its
 * own tables of languages say. Only where the server did not know the zone yet is it written anew.
 */
export function Moment({ at, text, locale }: MomentProps) {
  const zone = useSyncExternalStore(never, browserZone, () => locale.zone);
  return (
    <time dateTime={at} lang={locale.tag}>
      {zone === locale.zone ? text : formatMoment(new Date(at), { ...locale, zone })}
    </time>
  );
}

/** The name of the zone that {@link Moment} writes by. */
export function ZoneName({ locale }: { readonly locale: Locale }) {
  const zone = useSyncExternalStore(never, browserZone, () => locale.zone);
  return zone.replaceAll("_", " ");
}
