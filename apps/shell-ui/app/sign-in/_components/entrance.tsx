"use client";

import { useRouter } from "next/navigation";
import { useRef, type ComponentProps, type SubmitEvent } from "react";

import { sendSignIn } from "./send-sign-in";

interface EntranceProps extends Omit<ComponentProps<"form">, "method" | "action" | "onSubmit"> {
  /** Says whether the form may be sent. */
  readonly check?: (form: HTMLFormElement) => boolean;
}

/**
 * A form that signs in.
 *
 * A plain one, which works without any script. With it the next page comes without loading all
 * anew, and a second click does not sign in twice.
 */
export function Entrance({ check, ...props }: EntranceProps) {
  const router = useRouter();
  const state = useRef<"open" | "sent" | "by-the-browser">("open");

  function submit(event: SubmitEvent<HTMLFormElement>) {
    const { currentTarget: form } = event;
    const submitter = event.nativeEvent.submitter;
    if (state.current === "by-the-browser") {
      return;
    }
    event.preventDefault();
    if (state.current === "sent" || check?.(form) === false) {
      return;
    }
    state.current = "sent";
    void sendSignIn(form, submitter).then((to) => {
      if (to === null) {
        // It knows what to show where there is no answer.
        state.current = "by-the-browser";
        form.requestSubmit(submitter);
      } else if (to.startsWith("/sign-in")) {
        // As a new page: it says what is wrong, and its focus is where that is.
        location.replace(to);
      } else {
        // In place of the form: going back must not lead to it.
        router.replace(to);
      }
    });
    // Whoever comes back to this page by the browser's button may try again.
    window.addEventListener("pageshow", () => (state.current = "open"), { once: true });
  }

  return <form method="post" action="/auth/sign-in" onSubmit={submit} {...props} />;
}
