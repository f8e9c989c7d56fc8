"use client";

import { useState } from "react";

import { emailProblem, passwordProblem, type FieldProblems } from "@/lib/credentials";

import { Entrance } from "./entrance";
import { Field, type FieldName } from "./field";
import { PasswordField } from "./password-field";

export type FocusTarget = FieldName | "notice";

interface SignInFormProps {
  /** As it was typed before. */
  readonly email: string;
  readonly problems: FieldProblems;
  readonly next: string | null;
  readonly focus: FocusTarget;
  readonly hasNotice: boolean;
}

/** Email and password; a script says what is missing without asking the server. */
export function SignInForm({ email, problems: found, next, focus, hasNotice }: SignInFormProps) {
  const [problems, setProblems] = useState(found);

  function check(form: HTMLFormElement): boolean {
    const typed = new FormData(form);
    const now = { email: emailProblem(textOf(typed, "email").trim()), password: passwordProblem(textOf(typed, "password")) };
    setProblems(now);
    const first = now.email !== null ? "email" : now.password !== null ? "password" : null;
    if (first !== null) {
      form.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    }
    return first === null;
  }

  return (
    <Entrance noValidate check={check} className="mt-8 grid gap-5">
      {next !== null && <input type="hidden" name="next" value={next} />}
      <Field
        name="email"
        label="Email"
        problem={problems.email}
        hasNotice={hasNotice}
        takesFocus={focus === "email"}
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="next"
        defaultValue={email}
      />
      <PasswordField problem={problems.password} hasNotice={hasNotice} takesFocus={focus === "password"} />
      <button
        type="submit"
        className="mt-1 h-11 w-full rounded-lg bg-accent font-semibold text-on-accent hover:bg-accent-strong"
      >
        Sign in
      </button>
    </Entrance>
  );
}

function textOf(form: FormData, name: FieldName): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
