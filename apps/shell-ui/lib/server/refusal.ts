import "server-only";

import { ApiError } from "./api";

/**
 * Why somebody does not get what they asked for. The pages, the proxy before them and the
 * embedded dashboards all decide by this one type, so that they cannot differ.
 */
export type Refusal = "sign-in" | "not-found" | "unavailable";

export type Attempt<T> =
  | { readonly value: T; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly value?: never };

/** Run something that asks the API, and turn its refusals into a value. */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    return { refusal: refusalOf(error) };
  }
}

function refusalOf(error: ApiError): Refusal {
  switch (error.kind) {
    case "unauthenticated":
      return "sign-in";
    case "denied":
      return "not-found";
    case "rejected":
    case "unavailable":
      return "unavailable";
  }
}
