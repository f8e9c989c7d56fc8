import { Countdown } from "./countdown";
import type { Told } from "./wording";

interface NoticeProps extends Told {
  /** How long to wait before the next attempt; 0 when there is nothing to wait for. */
  readonly waitSeconds: number;
  /** The form's fields are described by it, so it need not have the focus to be read out. */
  readonly takesFocus: boolean;
}

export const NOTICE_ID = "sign-in-notice";

const LOOKS = {
  problem: "border-danger/30 bg-danger-soft text-danger",
  news: "border-line bg-sunken text-ink",
} as const;

/** What there is to say above the form. */
export function Notice({ tone, text, waitSeconds, takesFocus }: NoticeProps) {
  return (
    <div
      id={NOTICE_ID}
      role={tone === "problem" ? "alert" : "status"}
      tabIndex={-1}
      // eslint-disable-next-line jsx-a11y/no-autofocus -- only while there is nothing to do but to read it
      autoFocus={takesFocus}
      className={`mt-6 rounded-lg border px-4 py-3 text-sm ${LOOKS[tone]}`}
    >
      {text}
      {waitSeconds > 0 && (
        <>
          {" "}
          <Countdown seconds={waitSeconds} />
        </>
      )}
    </div>
  );
}
