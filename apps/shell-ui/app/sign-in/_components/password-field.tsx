"use client";

import { useState, useSyncExternalStore, type KeyboardEvent } from "react";

import type { FieldProblem } from "@/lib/credentials";

import { Field } from "./field";

interface PasswordFieldProps {
  readonly problem: FieldProblem | null;
  readonly hasNotice: boolean;
  readonly takesFocus: boolean;
}

/** The password; it can be shown, and Caps Lock is pointed out. */
export function PasswordField(props: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);

  function look(event: KeyboardEvent) {
    setCapsLock(event.getModifierState("CapsLock"));
  }

  return (
    <Field
      {...props}
      name="password"
      label="Password"
      type={shown ? "text" : "password"}
      autoComplete="current-password"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      enterKeyHint="go"
      className="pr-20"
      onKeyDown={look}
      onKeyUp={look}
      onBlur={() => {
        setCapsLock(false);
      }}
      end={<ShowButton shown={shown} onToggle={setShown} />}
      hint={
        <p role="status" className={capsLock ? "mt-2 text-sm text-muted" : "sr-only"}>
          {capsLock ? "Caps Lock is on." : ""}
        </p>
      }
    />
  );
}

interface ShowButtonProps {
  readonly shown: boolean;
  readonly onToggle: (shown: boolean) => void;
}

/** There once the script runs that it needs; its place is kept free, so nothing moves. */
function ShowButton({ shown, onToggle }: ShowButtonProps) {
  const scripted = useSyncExternalStore(noChanges, yes, no);
  return scripted ? (
    <button
      type="button"
      aria-label={shown ? "Hide what is typed" : "Show what is typed"}
      aria-controls="password"
      onClick={() => {
        onToggle(!shown);
      }}
      className="absolute inset-y-1 right-1 rounded-md px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink"
    >
      {shown ? "Hide" : "Show"}
    </button>
  ) : null;
}

const noChanges = () => () => undefined;
const yes = () => true;
const no = () => false;
