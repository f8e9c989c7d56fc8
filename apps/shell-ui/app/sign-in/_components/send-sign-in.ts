/**
 * Send a form that signs in.
 *
 * @returns the page to go on to: the wanted one, or the form's own with what is wrong; null when
 *   there was no usable answer
 */
export async function sendSignIn(form: HTMLFormElement, submitter: HTMLElement | null): Promise<string | null> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    body.append(name, typeof value === "string" ? value : "");
  }
  try {
    const headers = { accept: "application/json" };
    const response = await fetch("/auth/sign-in", { method: "POST", body, headers, cache: "no-store" });
    const answer = (await response.json()) as { readonly to?: unknown };
    return response.ok && typeof answer.to === "string" ? answer.to : null;
  } catch {
    return null;
  }
}
