import "server-only";

import { decodeJwt, decodeProtectedHeader } from "jose";

/** One statement of a token. */
export interface Claim {
  readonly name: string;
  readonly meaning: string;
  readonly values: readonly string[];
  /** Whether the value is a moment, in ISO 8601. */
  readonly isMoment: boolean;
}

/** What a token says; never the token. */
export interface TokenClaims {
  readonly algorithm: string;
  readonly claims: readonly Claim[];
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const MEANINGS: Readonly<Record<string, string>> = {
  iss: "Who issued it",
  aud: "What it is for: neither kind passes for the other",
  sub: "Whom it is about",
  email: "Their email",
  tenant_id: "The one tenant it is for",
  tenant_ids: "Their tenants when it was issued",
  role: "What they are there",
  iat: "Issued",
  nbf: "Not valid before",
  exp: "Valid until",
  jti: "Names this very token",
};
const MOMENTS = new Set(["iat", "nbf", "exp"]);

/** Decode a token that the API issued to this server, so that a person can read what it says. */
export function claimsOf(token: string): TokenClaims {
  const payload = decodeJwt(token);
  return {
    algorithm: decodeProtectedHeader(token).alg ?? "",
    claims: Object.entries(payload).map(([name, value]) => claim(name, value)),
    issuedAt: (payload.iat ?? 0) * 1000,
    expiresAt: (payload.exp ?? 0) * 1000,
  };
}

function claim(name: string, value: unknown): Claim {
  const isMoment = MOMENTS.has(name) && typeof value === "number";
  const values = isMoment ? [new Date(value * 1000).toISOString()] : [value].flat().map(textOf);
  return { name, meaning: MEANINGS[name] ?? "", values, isMoment };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
