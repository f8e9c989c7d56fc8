import type { SignInOptions } from "@/lib/server/api";
import type { Flash, SignInProblem } from "@/lib/server/flash";

import { DemoUsers } from "./demo-users";
import { EmailForm } from "./email-form";
import { RefreshWhenBack } from "./refresh-when-back";

interface SignInPanelProps {
  /** Null while the API is away. */
  readonly options: SignInOptions | null;
  readonly flash: Flash | null;
  readonly next: string | null;
}

const FIELD_PROBLEMS: Partial<Record<SignInProblem, string>> = {
  "email-missing": "Enter the email address of your account.",
  "user-unknown": "There is no account with this email address.",
};

/** The ways to sign in, and what went wrong the last time. */
export function SignInPanel({ options, flash, next }: SignInPanelProps) {
  const fieldProblem = flash === null ? undefined : FIELD_PROBLEMS[flash.problem];
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
      <p className="mt-1.5 text-muted">Welcome. Your dashboards are one step away.</p>
      <Alert options={options} flash={flash} />
      <EmailForm email={flash?.email ?? ""} problem={fieldProblem} next={next} />
      {options !== null && options.demoUsers.length > 0 && <DemoUsers users={options.demoUsers} next={next} />}
    </>
  );
}

function Alert({ options, flash }: Pick<SignInPanelProps, "options" | "flash">) {
  const message = alertMessage(options, flash?.problem);
  return message === null ? null : (
    <div role="alert" className="mt-6 rounded-lg border border-danger/30 bg-danger-soft px-4 py-3 text-sm text-danger">
      {message}
      {options === null && <RefreshWhenBack />}
    </div>
  );
}

function alertMessage(options: SignInOptions | null, problem: SignInProblem | undefined): string | null {
  if (options === null) {
    return "Kyros is away for a moment, so you cannot sign in yet. What you have typed stays; this goes away by itself.";
  }
  if (problem === "api-unavailable") {
    return "Kyros was away when you tried to sign in. It is back: please try again.";
  }
  if (problem === "not-offered" || options.mode === "password") {
    return "This installation does not offer signing in by email alone.";
  }
  return null;
}
