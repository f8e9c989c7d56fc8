import "server-only";

import { z } from "zod";

import { seal, unseal } from "../session/sealed";

export const FLASH_COOKIE = "kyros_sign_in";
/** By this header the gate hands the cookie to the page, while it removes the cookie itself. */
export const FLASH_HEADER = "x-kyros-flash";

const PURPOSE = "flash";
const FLASH_SECONDS = 60;

const fieldProblem = z.enum(["email-missing", "email-invalid", "password-missing", "password-too-long"]).nullable();

const wireFlash = z.object({
  email: z.string(),
  /** Why the last attempt failed, or why the person is asked to sign in. */
  notice: z
    .enum([
      "wrong-credentials",
      "throttled",
      "busy",
      "api-unavailable",
      "not-offered",
      "demo-user-gone",
      "too-many-tenants",
      "renewing",
      "session-ended",
      "signed-out",
    ])
    .nullable(),
  fields: z.object({ email: fieldProblem, password: fieldProblem }),
  /** When to try again, in milliseconds since 1970. */
  retryAtMs: z.number().nullable(),
});

/** What the sign-in page shows once; with the email that was typed, so that it need not be again. */
export type Flash = Readonly<z.infer<typeof wireFlash>>;
export type SignInNotice = NonNullable<Flash["notice"]>;

/** A message of one kind, the rest empty. */
export function flashOf(part: Partial<Flash>): Flash {
  return { email: "", notice: null, fields: { email: null, password: null }, retryAtMs: null, ...part };
}

/**
 * The cookie's value for a message.
 *
 * A sealed cookie rather than a query parameter: addresses end up in logs, and nobody can make a
 * link that shows our page with an error or an email of their choice.
 */
export async function sealFlash(flash: Flash): Promise<string> {
  return await seal(PURPOSE, flash, Math.floor(Date.now() / 1000) + lifetime(flash));
}

/** The message of a cookie's value, if there is a good one. */
export async function openFlash(sealed: string | null): Promise<Flash | null> {
  const unsealed = sealed === null || sealed === "" ? null : await unseal(PURPOSE, sealed);
  return unsealed === null || unsealed.expired ? null : (wireFlash.safeParse(unsealed.payload).data ?? null);
}

/** Whether it is shown again after a reload: who has to wait shall see for how long. */
export function isLasting(flash: Flash | null): boolean {
  return (flash?.retryAtMs ?? 0) > Date.now();
}

/** The cookie for a message. */
export async function flashCookie(flash: Flash, secure: boolean) {
  return cookie(await sealFlash(flash), lifetime(flash), secure);
}

/** What removes it. */
export function noFlashCookie(secure: boolean) {
  return cookie("", 0, secure);
}

function lifetime({ retryAtMs }: Flash): number {
  const wait = retryAtMs === null ? 0 : Math.ceil((retryAtMs - Date.now()) / 1000);
  return Math.max(FLASH_SECONDS, wait);
}

function cookie(value: string, maxAge: number, secure: boolean) {
  return { name: FLASH_COOKIE, value, maxAge, secure, path: "/sign-in", httpOnly: true, sameSite: "lax" } as const;
}
