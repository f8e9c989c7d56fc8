import "server-only";

/** Whether the answer will be shown to a person rather than read by a script. */
export function isNavigation(headers: Pick<Headers, "get">): boolean {
  const mode = headers.get("sec-fetch-mode");
  return mode === null ? (headers.get("accept") ?? "").includes("text/html") : mode === "navigate";
}
