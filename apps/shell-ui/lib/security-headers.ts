/**
 * What every answer of the shell carries, besides a content security policy of its own.
 *
 * lib/server/http/security.ts puts them on, before anybody answers.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  // Not "no-referrer": with it the browser sends `Origin: null` with form posts.
  "Referrer-Policy": "same-origin",
  "Permissions-Policy":
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Behind TLS only: browsers ignore it without, and a name on loopback must not be held to it. */
export const TRANSPORT_SECURITY = { name: "Strict-Transport-Security", value: "max-age=31536000" } as const;
