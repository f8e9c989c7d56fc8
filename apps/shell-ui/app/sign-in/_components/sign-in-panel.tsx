import type { SignInPageContent } from "@/lib/server/pages";

import { DemoUsers } from "./demo-users";
import { Notice } from "./notice";
import { RefreshWhenBack } from "./refresh-when-back";
import { SignInForm, type FocusTarget } from "./sign-in-form";
import { tellNotice } from "./wording";

interface SignInPanelProps {
  readonly content: SignInPageContent;
  readonly next: string | null;
}

/** The ways to sign in, and what there is to say first. */
export function SignInPanel({ content, next }: SignInPanelProps) {
  const { options, flash, waitSeconds } = content;
  const notice = tellNotice(options === null, flash.notice);
  const focus = focusTarget(content);
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
      <p className="mt-1.5 text-muted">Welcome. Your dashboards are one step away.</p>
      {notice !== null && <Notice {...notice} waitSeconds={waitSeconds} takesFocus={focus === "notice"} />}
      {options === null && <RefreshWhenBack />}
      <SignInForm email={flash.email} problems={flash.fields} next={next} focus={focus} hasNotice={notice !== null} />
      {options !== null && options.demoUsers.length > 0 && <DemoUsers users={options.demoUsers} next={next} />}
    </>
  );
}

/** Where the next key stroke should go: to what is wrong, else to the first thing that is missing. */
function focusTarget({ options, flash, waitSeconds }: SignInPageContent): FocusTarget {
  if (flash.fields.email !== null) {
    return "email";
  }
  if (flash.fields.password !== null) {
    return "password";
  }
  if (waitSeconds > 0 || (options === null && flash.notice === null)) {
    return "notice";
  }
  return flash.email === "" ? "email" : "password";
}
