import "server-only";

export const SESSION_COOKIE = "kyros_session";

/** Browsers take 4,096 characters of name and value; a token for many tenants needs more than one. */
const CHUNK_LENGTH = 3_900;
/** Node refuses a request with more than 16 KiB of headers; the others need their share. */
const MAX_CHUNKS = 3;
const FIRST = /^([1-9])~([\w.-]*)$/;
const REST = /^[\w.-]+$/;

/** Where cookies are read from: a request's, or those of a page. */
export interface CookieJar {
  get(name: string): { readonly value: string } | undefined;
}

/** The session does not fit into cookies. */
export class SessionTooLargeError extends Error {
  override readonly name = "SessionTooLargeError";
}

/**
 * A text cut into cookies; the first says how many there are, for a browser may still have more of
 * an earlier session.
 *
 * @throws {SessionTooLargeError} when it is too long
 */
export function toChunks(text: string): { readonly name: string; readonly value: string }[] {
  const count = Math.ceil(text.length / CHUNK_LENGTH);
  if (count > MAX_CHUNKS) {
    throw new SessionTooLargeError(`A session of ${String(text.length)} characters is too long for cookies.`);
  }
  return Array.from({ length: count }, (_, index) => {
    const part = text.slice(index * CHUNK_LENGTH, (index + 1) * CHUNK_LENGTH);
    return { name: nameOf(index), value: index === 0 ? `${String(count)}~${part}` : part };
  });
}

/** The text again; null when there is no cookie, empty when they cannot be what was cut. */
export function joinChunks(jar: CookieJar): string | null {
  const first = jar.get(SESSION_COOKIE)?.value ?? "";
  if (first === "") {
    return null;
  }
  const [, count, head = ""] = FIRST.exec(first) ?? [];
  if (count === undefined || Number(count) > MAX_CHUNKS) {
    return "";
  }
  const rest = Array.from({ length: Number(count) - 1 }, (_, index) => jar.get(nameOf(index + 1))?.value ?? "");
  const whole = [head, ...rest].every((part) => part.length <= CHUNK_LENGTH && REST.test(part));
  return whole ? [head, ...rest].join("") : "";
}

/** The names to remove, the first whether or not it is there. */
export function cookieNames(jar: CookieJar): string[] {
  const rest = Array.from({ length: MAX_CHUNKS - 1 }, (_, index) => nameOf(index + 1));
  return [SESSION_COOKIE, ...rest.filter((name) => jar.get(name) !== undefined)];
}

function nameOf(index: number): string {
  return index === 0 ? SESSION_COOKIE : `${SESSION_COOKIE}.${String(index)}`;
}
