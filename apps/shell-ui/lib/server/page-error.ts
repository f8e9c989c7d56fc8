import "server-only";

/**
 * A page cannot be made.
 *
 * React keeps the message from the browser in production and sends the digest alone; with the
 * request's id for it, the page can name what the log lines of that request have.
 */
export class PageError extends Error {
  override readonly name = "PageError";

  constructor(
    message: string,
    readonly digest: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
