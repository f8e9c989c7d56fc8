import "server-only";

import { randomUUID } from "node:crypto";

import { z } from "zod";

import { noteCaller } from "../watch/request";
import { cookieNames, joinChunks, toChunks, type CookieJar } from "./chunks";
import { hasEnded } from "./ended";
import { seal, unseal } from "./sealed";
import { packToken, unpackToken } from "./token-packing";
import { userIdOf } from "./user-id";

export { SESSION_COOKIE } from "./chunks";

const PURPOSE = "session";
/** The cookie outlives the session by so much, so that its end can be told from its absence. */
const GRACE_SECONDS = 12 * 3600;

const wireSession = z.object({
  sid: z.string().min(1),
  email: z.string().min(1),
  token: z.union([z.string().min(1), z.tuple([z.string(), z.string(), z.string()])]),
  exp: z.number(),
  // What an earlier version sealed has none, and counts as long.
  iat: z.number().default(0),
});

/** A signed-in person, as the cookie carries it. */
export interface Session {
  /** Names this sign-in; tokens that the server caches for it are filed under it. */
  readonly id: string;
  readonly email: string;
  /** The person's id, as the user token says; null when it says none. */
  readonly userId: string | null;
  /** The API's user token. It never leaves the server unencrypted. */
  readonly userToken: string;
  /** When it began, in seconds since 1970. */
  readonly startedAt: number;
  /** End of the user token and so of the session, in seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * What the cookies of a request say.
 *
 * - `open`: somebody is signed in
 * - `over`: somebody was until a while ago, or what they sent is not ours; `email` when it is known
 * - `none`: nothing
 */
export type SessionState =
  | { readonly kind: "open"; readonly session: Session }
  | { readonly kind: "over"; readonly email: string | null }
  | { readonly kind: "none" };

/** A new session around a user token that has just been issued. */
export function startSession(email: string, userToken: string, lifetimeSeconds: number): Session {
  const startedAt = Math.floor(Date.now() / 1000);
  const userId = userIdOf(userToken);
  noteCaller({ user: userId });
  return { id: randomUUID(), email, userId, userToken, startedAt, expiresAt: startedAt + lifetimeSeconds };
}

/** What the session cookies of a request say. */
export async function readSession(jar: CookieJar): Promise<SessionState> {
  const joined = joinChunks(jar);
  if (joined === null) {
    return { kind: "none" };
  }
  const unsealed = joined === "" ? null : await unseal(PURPOSE, joined);
  const { data } = wireSession.safeParse(unsealed?.payload);
  if (unsealed === null || data === undefined) {
    return { kind: "over", email: null };
  }
  const { sid, email, token, exp, iat } = data;
  if (unsealed.expired || hasEnded(sid)) {
    return { kind: "over", email };
  }
  const userToken = unpackToken(token);
  const userId = userIdOf(userToken);
  noteCaller({ user: userId });
  return { kind: "open", session: { id: sid, email, userId, userToken, startedAt: iat, expiresAt: exp } };
}

/** The session of a request, or null when there is none, or it is not ours, or it is over. */
export async function openSession(jar: CookieJar): Promise<Session | null> {
  const state = await readSession(jar);
  return state.kind === "open" ? state.session : null;
}

/**
 * The cookies that carry a session, in place of those that the browser has.
 *
 * @throws {SessionTooLargeError} when they would not fit into a request
 */
export async function sessionCookies(session: Session, jar: CookieJar, secure: boolean) {
  const { id, email, userToken, startedAt, expiresAt } = session;
  const sealed = await seal(PURPOSE, { sid: id, email, token: packToken(userToken), iat: startedAt }, expiresAt);
  const maxAge = Math.max(0, expiresAt - Math.floor(Date.now() / 1000)) + GRACE_SECONDS;
  const chunks = toChunks(sealed);
  const kept = new Set(chunks.map(({ name }) => name));
  return [
    ...chunks.map(({ name, value }) => cookie(name, value, maxAge, secure)),
    ...noSessionCookies(jar, secure).filter(({ name }) => !kept.has(name)),
  ];
}

/** What removes every session cookie that the browser has. */
export function noSessionCookies(jar: CookieJar, secure: boolean) {
  return cookieNames(jar).map((name) => cookie(name, "", 0, secure));
}

function cookie(name: string, value: string, maxAge: number, secure: boolean) {
  return { name, value, maxAge, secure, path: "/", httpOnly: true, sameSite: "lax" } as const;
}
