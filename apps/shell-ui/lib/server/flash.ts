import "server-only";

import { z } from "zod";

import { seal, unseal } from "./sealed";

export const FLASH_COOKIE = "kyros_sign_in";
export const FLASH_SECONDS = 60;
/** By this header the gate hands the cookie to the page, while it removes the cookie itself. */
export const FLASH_HEADER = "x-kyros-flash";

const PURPOSE = "flash";

/** Why the last attempt to sign in failed. */
export const signInProblems = ["email-missing", "user-unknown", "not-offered", "api-unavailable"] as const;
export type SignInProblem = (typeof signInProblems)[number];

/** What the sign-in page shows once after a failed attempt. */
export interface Flash {
  readonly problem: SignInProblem;
  /** What was typed, so that it need not be typed again. */
  readonly email: string;
}

const wireFlash = z.object({ problem: z.enum(signInProblems), email: z.string() });

/**
 * The cookie's value for a message.
 *
 * A sealed cookie rather than a query parameter: addresses end up in logs, and nobody can make a
 * link that shows our page with an error or an email of their choice.
 */
export async function sealFlash({ problem, email }: Flash): Promise<string> {
  return await seal(PURPOSE, { problem, email }, Math.floor(Date.now() / 1000) + FLASH_SECONDS);
}

/** The message of a cookie's value, if there is a good one. */
export async function openFlash(sealed: string | null): Promise<Flash | null> {
  return sealed === null || sealed === "" ? null : (wireFlash.safeParse(await unseal(PURPOSE, sealed)).data ?? null);
}

/** How the cookie is set; `maxAge` 0 removes it. */
export function flashCookie(value: string, maxAge: number, secure: boolean) {
  return { name: FLASH_COOKIE, value, maxAge, secure, path: "/sign-in", httpOnly: true, sameSite: "lax" } as const;
}
