import type { InputHTMLAttributes, ReactNode } from "react";

import { FIELD_MESSAGES, type FieldProblem } from "@/lib/credentials";

import { NOTICE_ID } from "./notice";

export type FieldName = "email" | "password";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly name: FieldName;
  readonly label: string;
  readonly problem: FieldProblem | null;
  readonly hasNotice: boolean;
  readonly takesFocus: boolean;
  /** What stands within the field, at its end. */
  readonly end?: ReactNode;
  /** What is said below it besides. */
  readonly hint?: ReactNode;
}

/** A labelled field, with what is wrong with it said right below. */
export function Field({ name, label, problem, hasNotice, takesFocus, end, hint, className = "", ...input }: FieldProps) {
  const problemId = `${name}-problem`;
  // Who lands in the field by a page's focus hears why it is there.
  const described = [problem === null ? null : problemId, hasNotice && takesFocus ? NOTICE_ID : null].filter(Boolean);
  return (
    <div>
      <label htmlFor={name} className="block text-sm font-medium">
        {label}
      </label>
      <div className="relative mt-2">
        <input
          {...input}
          id={name}
          name={name}
          // eslint-disable-next-line jsx-a11y/no-autofocus -- signing in is all that this page is for
          autoFocus={takesFocus}
          aria-invalid={problem !== null}
          aria-describedby={described.length === 0 ? undefined : described.join(" ")}
          className={`block h-11 w-full rounded-lg border bg-surface px-3.5 ${problem === null ? "border-field" : "border-danger"} ${className}`}
        />
        {end}
      </div>
      {problem !== null && (
        <p id={problemId} className="mt-2 text-sm text-danger">
          {FIELD_MESSAGES[problem]}
        </p>
      )}
      {hint}
    </div>
  );
}
