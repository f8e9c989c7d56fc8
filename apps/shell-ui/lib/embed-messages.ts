/** What an embedded dashboard tells the page around it. */
export type EmbedMessage =
  | { readonly type: "kyros:ready" }
  | { readonly type: "kyros:url"; readonly search: string; readonly replace: boolean };

/** What the page around a dashboard tells it. */
export type ShellMessage =
  | { readonly type: "kyros:go"; readonly search: string }
  | { readonly type: "kyros:theme"; readonly theme: "light" | "dark" | null };

/** Longer than any view's; an address beyond it would be refused by servers on the way. */
const LONGEST_SEARCH = 4_096;

/** The message that came, or null when it is none of ours: anybody may post anything. */
export function readEmbedMessage(data: unknown): EmbedMessage | null {
  if (typeof data !== "object" || data === null || !("type" in data)) {
    return null;
  }
  if (data.type === "kyros:ready") {
    return { type: "kyros:ready" };
  }
  if (data.type !== "kyros:url" || !("search" in data) || typeof data.search !== "string") {
    return null;
  }
  if (data.search.length > LONGEST_SEARCH) {
    return null;
  }
  return { type: "kyros:url", search: data.search, replace: "replace" in data && data.replace === true };
}
