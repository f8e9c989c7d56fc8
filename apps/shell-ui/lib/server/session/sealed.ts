import "server-only";

import { hkdfSync } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import { CompactEncrypt, compactDecrypt, errors } from "jose";

import { env } from "../env";

/** What can be sealed; `exp` is its end, in seconds since 1970. */
export type Payload = Readonly<Record<string, unknown>>;

/** What was sealed, and whether its time is over. */
export interface Unsealed {
  readonly payload: Payload;
  readonly expired: boolean;
}

/** Nothing that we seal is longer than this, compressed or not. */
const MAX_PLAIN_BYTES = 64 * 1024;

const keys = new Map<string, Uint8Array>();

/** A key for one purpose only: what is sealed for another purpose does not open with it. */
function keyFor(purpose: string, secret = env().sessionSecret): Uint8Array {
  const id = `${purpose}\n${secret}`;
  const known = keys.get(id);
  if (known !== undefined) {
    return known;
  }
  const key = new Uint8Array(hkdfSync("sha256", secret, "kyros", `kyros/${purpose}/v2`, 32));
  keys.set(id, key);
  return key;
}

/**
 * Encrypt a payload so that only this service can read or make it (JWE, A256GCM).
 *
 * It is deflated first. What compression tells of a secret by its length needs somebody who puts
 * text of their own beside it and tries again and again; only the email is theirs, once a sign-in.
 */
export async function seal(purpose: string, payload: Payload, expiresAt: number): Promise<string> {
  const plain = deflateRawSync(JSON.stringify({ ...payload, exp: expiresAt }));
  return await new CompactEncrypt(plain).setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(keyFor(purpose));
}

/** The payload of something sealed, also with the key before this one; null when it is forged or damaged. */
export async function unseal(purpose: string, sealed: string): Promise<Unsealed | null> {
  const { sessionSecret, previousSessionSecret } = env();
  const plain =
    (await decrypt(sealed, keyFor(purpose, sessionSecret))) ??
    (previousSessionSecret === null ? null : await decrypt(sealed, keyFor(purpose, previousSessionSecret)));
  if (plain === null) {
    return null;
  }
  // Whatever opens with the key was made by `seal`.
  const text = inflateRawSync(plain, { maxOutputLength: MAX_PLAIN_BYTES }).toString("utf8");
  const payload = JSON.parse(text) as Payload;
  const expired = typeof payload.exp !== "number" || payload.exp * 1000 <= Date.now();
  return { payload, expired };
}

async function decrypt(sealed: string, key: Uint8Array): Promise<Uint8Array | null> {
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return plaintext;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) {
      return null;
    }
    throw error;
  }
}
