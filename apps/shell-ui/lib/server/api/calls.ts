import "server-only";

import { decodeJwt } from "jose";

import { singleton } from "../singleton";

/** What is remembered of a call to the API: enough to find it in the logs, and nothing of its content. */
export interface CallRecord {
  readonly at: number;
  readonly method: string;
  /** As the API's description writes it; no query, which can carry what a person looked for. */
  readonly route: string;
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly durationMs: number;
  readonly requestId: string;
}

const KEPT_CALLS = 30;
const KEPT_PEOPLE = 1_000;

const people = singleton("api-calls", () => new Map<string, CallRecord[]>());

/** Remember a call made for whom the token belongs to. */
export function rememberCall(token: string, call: CallRecord): void {
  const person = subjectOf(token);
  if (person === null) {
    return;
  }
  const calls = people.get(person) ?? [];
  // Set anew, so that the first key of the map is whose last call is the oldest.
  people.delete(person);
  people.set(person, [call, ...calls].slice(0, KEPT_CALLS));
  const oldest = people.keys().next();
  if (people.size > KEPT_PEOPLE && oldest.done !== true) {
    people.delete(oldest.value);
  }
}

/** The last calls made for whom the token belongs to, newest first. */
export function rememberedCalls(token: string): readonly CallRecord[] {
  return people.get(subjectOf(token) ?? "") ?? [];
}

/** The token is one that the API issued to this server: there is no need to verify it. */
function subjectOf(token: string): string | null {
  try {
    return decodeJwt(token).sub ?? null;
  } catch {
    return null;
  }
}
