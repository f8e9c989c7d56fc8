import "server-only";

import { isDevServer } from "../env";

/** The content security policy of the shell's own pages, for one response. */
export function pagePolicy(nonce: string): string {
  // React's development build evaluates source maps; the hot reload talks over a WebSocket and
  // shows its errors with inline styles. None of it exists in a production build.
  const development = isDevServer;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self'${development ? " 'unsafe-inline'" : ""}`,
    // Tenant colours are style attributes, with values that the server has checked.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src 'self'${development ? " ws: wss:" : ""}`,
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join("; ");
}

/** The policy of the small pages that stand in for a dashboard: their own style and script only. */
export function standInPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
  ].join("; ");
}

/** A fresh nonce; using one twice would defeat the policy. */
export function newNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
}
