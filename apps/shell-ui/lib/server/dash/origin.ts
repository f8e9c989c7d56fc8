import "server-only";

import { isSameOrigin } from "../http/same-origin";

/**
 * Whether a request for a tenant's dashboard comes from a page of another origin.
 *
 * What is sent by script or form must come from our own pages. A page may also be opened by its
 * address or from a link elsewhere, in a window of its own; anything else of other origins, as a
 * frame, a picture or a script of theirs, is refused.
 */
export function isForeign(method: string, headers: Pick<Headers, "get">): boolean {
  const site = headers.get("sec-fetch-site");
  if (method === "POST" || headers.get("origin") !== null) {
    return !isSameOrigin(headers);
  }
  if (site === null || site === "same-origin" || site === "none") {
    return false;
  }
  return headers.get("sec-fetch-mode") !== "navigate" || headers.get("sec-fetch-dest") !== "document";
}
