import type { SignInNotice } from "@/lib/server/sign-in/flash";

/** What is said above the form. */
export interface Told {
  readonly tone: "problem" | "news";
  readonly text: string;
}

const NOTICES: Record<SignInNotice, Told> = {
  "wrong-credentials": { tone: "problem", text: "The email or the password is wrong. Check both and try again." },
  throttled: { tone: "problem", text: "Too many sign-ins have failed, so no more are checked for a while." },
  busy: { tone: "problem", text: "Too many people are signing in at this moment. Try again in a few seconds." },
  "api-unavailable": {
    tone: "problem",
    text: "Kyros was away when you tried to sign in. It is back: enter your password and try again.",
  },
  "not-offered": { tone: "problem", text: "This installation has no demo users. Sign in with your email and password." },
  "demo-user-gone": { tone: "problem", text: "This demo user does not exist any more. Choose another." },
  "too-many-tenants": {
    tone: "problem",
    text: "Your account belongs to more tenants than one session can hold. Ask whoever runs this installation to split it.",
  },
  renewing: { tone: "news", text: "Sign in again to go on where you were." },
  "session-ended": { tone: "news", text: "Your session has ended. Sign in again to go on where you were." },
  "signed-out": { tone: "news", text: "You have signed out, here and in every other tab." },
};

const AWAY: Told = {
  tone: "problem",
  text: "Kyros is away for a moment, so you cannot sign in yet. What you have typed stays; this goes away by itself.",
};

/** What there is to say; that nobody can sign in comes before why it failed the last time. */
export function tellNotice(away: boolean, notice: SignInNotice | null): Told | null {
  if (away) {
    return AWAY;
  }
  return notice === null ? null : NOTICES[notice];
}
