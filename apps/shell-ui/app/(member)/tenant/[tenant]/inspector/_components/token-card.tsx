import { Moment } from "@/components/moment";
import { formatMoment, type Locale } from "@/lib/locale";
import type { Claim, TokenClaims } from "@/lib/server/inspector/claims";

import { Countdown } from "./countdown";

interface TokenCardProps {
  readonly title: string;
  readonly purpose: string;
  readonly token: TokenClaims;
  readonly locale: Locale;
  readonly now: number;
}

/** More values than this are shown on demand only. */
const SHOWN_VALUES = 5;

/** What a token says, and how long it still holds. */
export function TokenCard({ title, purpose, token, locale, now }: TokenCardProps) {
  const { issuedAt, expiresAt, algorithm, claims } = token;
  return (
    <section aria-label={title} className="rounded-2xl border border-line bg-surface p-5 shadow-card">
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
        <span className="rounded-md bg-sunken px-2 py-0.5 font-mono text-xs">{algorithm}</span>
      </div>
      <p className="text-sm text-muted">{purpose}</p>
      <Countdown key={expiresAt} issuedAt={issuedAt} expiresAt={expiresAt} now={now} />
      <dl className="mt-4 divide-y divide-line border-t border-line text-sm">
        {claims.map((claim) => (
          <div key={claim.name} className="grid gap-x-4 py-2.5 sm:grid-cols-[9rem_1fr]">
            <dt>
              <span className="block font-mono text-xs leading-5 font-semibold">{claim.name}</span>
              <span className="block text-xs text-muted">{claim.meaning}</span>
            </dt>
            <dd className="min-w-0 break-words">
              <Values claim={claim} locale={locale} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Values({ claim: { values, isMoment }, locale }: { readonly claim: Claim; readonly locale: Locale }) {
  if (isMoment) {
    return values.map((at) => <Moment key={at} at={at} text={formatMoment(new Date(at), locale)} locale={locale} />);
  }
  if (values.length > SHOWN_VALUES) {
    return (
      <details>
        <summary className="rounded py-0.5 underline underline-offset-4">{values.length} values</summary>
        <ValueList values={values} />
      </details>
    );
  }
  return <ValueList values={values} />;
}

function ValueList({ values }: { readonly values: readonly string[] }) {
  return values.map((value) => (
    <span key={value} className="block font-mono text-xs leading-5 break-all">
      {value}
    </span>
  ));
}
