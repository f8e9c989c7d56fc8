import "server-only";

/** A signed token whose first two parts are plain text: in base64 it would hardly shrink. */
export type PackedToken = string | [header: string, payload: string, signature: string];

/** A token in a form that deflates well; one that does not survive it unchanged stays as it is. */
export function packToken(token: string): PackedToken {
  const [header, payload, signature, ...more] = token.split(".");
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    return token;
  }
  const packed: PackedToken = [decode(header), decode(payload), signature];
  return unpackToken(packed) === token ? packed : token;
}

/** The token again, character by character. */
export function unpackToken(packed: PackedToken): string {
  if (typeof packed === "string") {
    return packed;
  }
  const [header, payload, signature] = packed;
  return `${encode(header)}.${encode(payload)}.${signature}`;
}

function decode(part: string): string {
  return Buffer.from(part, "base64url").toString("utf8");
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}
