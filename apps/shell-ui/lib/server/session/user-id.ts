import "server-only";

import { decodeJwt } from "jose";

/** The id of the person whom a user token of ours is about; null when it says nobody. */
export function userIdOf(userToken: string): string | null {
  try {
    return decodeJwt(userToken).sub ?? null;
  } catch {
    return null;
  }
}
