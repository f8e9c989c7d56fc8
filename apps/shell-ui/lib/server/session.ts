import "server-only";

import { randomUUID } from "node:crypto";

import { z } from "zod";

import { seal, unseal } from "./sealed";

export const SESSION_COOKIE = "kyros_session";

const PURPOSE = "session";
/** Longer values cannot be ours, so they are not worth decrypting. */
const MAX_SEALED_LENGTH = 8192;

const wireSession = z.object({
  sid: z.string().min(1),
  email: z.string().min(1),
  token: z.string().min(1),
  exp: z.number(),
});

/** A signed-in person, as the cookie carries it. */
export interface Session {
  /** Names this sign-in; tokens that the server caches for it are filed under it. */
  readonly id: string;
  readonly email: string;
  /** The API's user token. It never leaves the server unencrypted. */
  readonly userToken: string;
  /** End of the user token and so of the session, in seconds since 1970. */
  readonly expiresAt: number;
}

/** A new session around a user token that has just been issued. */
export function startSession(email: string, userToken: string, lifetimeSeconds: number): Session {
  const expiresAt = Math.floor(Date.now() / 1000) + lifetimeSeconds;
  return { id: randomUUID(), email, userToken, expiresAt };
}

/** The cookie's value for a session. */
export async function sealSession({ id, email, userToken, expiresAt }: Session): Promise<string> {
  return await seal(PURPOSE, { sid: id, email, token: userToken }, expiresAt);
}

/** The session of a cookie's value, or null when there is none, or it is not ours, or it is over. */
export async function openSession(sealed: string | undefined): Promise<Session | null> {
  if (sealed === undefined || sealed === "" || sealed.length > MAX_SEALED_LENGTH) {
    return null;
  }
  const parsed = wireSession.safeParse(await unseal(PURPOSE, sealed));
  if (!parsed.success) {
    return null;
  }
  const { sid, email, token, exp } = parsed.data;
  return { id: sid, email, userToken: token, expiresAt: exp };
}

/** How the session cookie is set; `maxAge` 0 removes it. */
export function sessionCookie(value: string, maxAge: number, secure: boolean) {
  return { name: SESSION_COOKIE, value, maxAge, secure, path: "/", httpOnly: true, sameSite: "lax" } as const;
}
