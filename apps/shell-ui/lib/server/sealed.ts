import "server-only";

import { hkdfSync } from "node:crypto";

import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from "jose";

import { env } from "./env";

const keys = new Map<string, Uint8Array>();

/** A key for one purpose only: what is sealed for another purpose does not open with it. */
function keyFor(purpose: string): Uint8Array {
  const secret = env().sessionSecret;
  const id = `${purpose}\n${secret}`;
  const known = keys.get(id);
  if (known !== undefined) {
    return known;
  }
  const key = new Uint8Array(hkdfSync("sha256", secret, "kyros", `kyros/${purpose}/v1`, 32));
  keys.set(id, key);
  return key;
}

/** Encrypt a payload so that only this service can read or make it (JWE, A256GCM). */
export async function seal(purpose: string, payload: JWTPayload, expiresAt: number): Promise<string> {
  return await new EncryptJWT(payload)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setExpirationTime(expiresAt)
    .encrypt(keyFor(purpose));
}

/** The payload of something sealed, or null when it is forged, damaged or expired. */
export async function unseal(purpose: string, sealed: string): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtDecrypt(sealed, keyFor(purpose), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
      requiredClaims: ["exp"],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) {
      return null;
    }
    throw error;
  }
}
