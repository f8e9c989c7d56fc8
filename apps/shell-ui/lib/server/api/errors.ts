import "server-only";

/**
 * What an unsuccessful call to the API means for the shell.
 *
 * - `unauthenticated`: the token is missing, wrong or over
 * - `denied`: there is no such thing, or not for this person; the shell does not tell them apart
 * - `rejected`: the API understood and said no for another reason
 * - `unavailable`: no answer, no answer in time, or none that makes sense
 */
export type ApiErrorKind = "unauthenticated" | "denied" | "rejected" | "unavailable";

/** An unsuccessful call to the API. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly kind: ApiErrorKind,
    /** The API's own code, such as `USER_NOT_FOUND`, or one of the client. */
    readonly code: string,
    /** When to come again, where the API says so. */
    readonly retryAfterSeconds: number | null = null,
    options?: ErrorOptions,
  ) {
    super(`API call failed: ${code}`, options);
  }
}

/** The kind of error that an HTTP status stands for. */
export function kindOfStatus(status: number): ApiErrorKind {
  if (status === 401) {
    return "unauthenticated";
  }
  if (status === 403 || status === 404) {
    return "denied";
  }
  return status >= 500 ? "unavailable" : "rejected";
}
