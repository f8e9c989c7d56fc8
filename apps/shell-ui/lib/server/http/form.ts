import "server-only";

import { errorForm } from "./error-form";
import { isNavigation } from "./navigation";
import { requestIdOf } from "./request-id";
import { isSameOrigin } from "./same-origin";
import { standInPage } from "./stand-in";
import { themeOf } from "./theme";

/** Far more than our forms hold. */
const MAX_BYTES = 32 * 1024;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

const REFUSALS = {
  "cross-origin": {
    status: 403,
    code: "CROSS_ORIGIN",
    title: "This did not come from here",
    message: "The form was not sent by a page of this site, so nothing was done. Open the page and try again.",
  },
  "form-type": {
    status: 415,
    code: "UNSUPPORTED_MEDIA_TYPE",
    title: "This cannot be read",
    message: "What was sent is not a form of this site, so nothing was done. Open the page and try again.",
  },
  "form-too-large": {
    status: 413,
    code: "FORM_TOO_LARGE",
    title: "This is too long",
    message: "The form holds more than it can take, so nothing was done. Open the page and try again.",
  },
} as const;

type FormRefusal = keyof typeof REFUSALS;

/** A form that was sent by one of our pages, or the answer that says why it is not taken. */
export type ReceivedForm =
  | { readonly form: URLSearchParams; readonly refusal?: never }
  | { readonly refusal: Response; readonly form?: never };

/** Read a form, if it comes from a page of ours and is one. */
export async function receiveForm(request: Request): Promise<ReceivedForm> {
  if (!isSameOrigin(request.headers)) {
    return { refusal: refuse("cross-origin", request) };
  }
  if (request.body === null) {
    return { form: new URLSearchParams() };
  }
  if (!FORM_TYPE.test(request.headers.get("content-type") ?? "")) {
    return { refusal: refuse("form-type", request) };
  }
  const text = await readAtMost(MAX_BYTES, request.body);
  return text === null ? { refusal: refuse("form-too-large", request) } : { form: new URLSearchParams(text) };
}

async function readAtMost(limit: number, body: ReadableStream<Uint8Array>): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > limit) {
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refuse(refusal: FormRefusal, request: Request): Response {
  const { title, ...problem } = REFUSALS[refusal];
  const requestId = requestIdOf(request.headers);
  if (!isNavigation(request.headers)) {
    return errorForm({ ...problem, requestId });
  }
  const link = { href: "/", text: "Go to the start" };
  return standInPage({ ...problem, title, link, requestId, branded: true, theme: themeOf(request.headers) });
}
