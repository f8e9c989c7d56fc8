/** What is wrong with a field of the sign-in form, as far as it can be told without asking anybody. */
export type FieldProblem = "email-missing" | "email-invalid" | "password-missing" | "password-too-long";

/** By field; null where nothing is wrong. */
export interface FieldProblems {
  readonly email: FieldProblem | null;
  readonly password: FieldProblem | null;
}

/** What is said at the field. */
export const FIELD_MESSAGES: Record<FieldProblem, string> = {
  "email-missing": "Enter the email address of your account.",
  "email-invalid": "Enter an email address such as name@example.com.",
  "password-missing": "Enter your password.",
  "password-too-long": "Passwords here have 128 characters at most; this one is longer.",
};

// The API's own rules: whatever passes here it will look at.
const EMAIL = /^[^@\s\p{Cc}]+@[^@\s\p{Cc}]+$/u;
const MAX_EMAIL_LENGTH = 254;
const MAX_PASSWORD_LENGTH = 128;

/** Check an email address, blanks around it removed. */
export function emailProblem(email: string): FieldProblem | null {
  if (email === "") {
    return "email-missing";
  }
  return email.length <= MAX_EMAIL_LENGTH && EMAIL.test(email) ? null : "email-invalid";
}

/** Check a password as it was typed. */
export function passwordProblem(password: string): FieldProblem | null {
  if (password === "") {
    return "password-missing";
  }
  // As the API counts: characters, not the halves that some of them are stored as.
  return Array.from(password).length <= MAX_PASSWORD_LENGTH ? null : "password-too-long";
}
