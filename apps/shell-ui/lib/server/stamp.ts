import "server-only";

import { createHash } from "node:crypto";

import type { Tenant } from "./api";

/** A few characters that change whenever anything does that pages show of a person's tenants. */
export function stampOf(tenants: readonly Tenant[]): string {
  const shown = tenants.map(({ slug, name, role, colour, logo }) => [slug, name, role, colour, logo]);
  return createHash("sha256").update(JSON.stringify(shown)).digest("base64url").slice(0, 12);
}
