import "server-only";

import { createHash } from "node:crypto";

import type { Logo } from "./types";

/** Pictures alone: a document, such as SVG, could hold a script. The API's command writes no other. */
const DATA_URL = /^data:(image\/(?:png|jpeg|webp));base64,([A-Za-z0-9+/]+={0,2})$/;
const LONGEST_DATA_URL = 16_384;

/** The logo of a tenant's configuration, or null when there is none or it is not a picture. */
export function logoOf(value: unknown): Logo | null {
  if (typeof value !== "string" || value.length > LONGEST_DATA_URL) {
    return null;
  }
  const [, mediaType, data] = DATA_URL.exec(value) ?? [];
  if (mediaType === undefined || data === undefined) {
    return null;
  }
  return { mediaType, data, version: createHash("sha256").update(value).digest("hex").slice(0, 12) };
}

/** Where the shell serves it. */
export function logoPath(slug: string, logo: Logo | undefined): string | null {
  return logo === undefined ? null : `/tenants/${slug}/logo?v=${logo.version}`;
}
