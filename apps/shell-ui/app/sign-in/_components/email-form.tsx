interface EmailFormProps {
  readonly email: string;
  readonly problem: string | undefined;
  readonly next: string | null;
}

/** Sign in by email address; a plain form, which needs no script. */
export function EmailForm({ email, problem, next }: EmailFormProps) {
  const invalid = problem !== undefined;
  return (
    <form method="post" action="/auth/sign-in" noValidate className="mt-8">
      {next !== null && <input type="hidden" name="next" value={next} />}
      <label htmlFor="email" className="block text-sm font-medium">
        Email
      </label>
      <input
        id="email"
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        defaultValue={email}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- only after an error, to where it is mended
        autoFocus={invalid}
        aria-invalid={invalid}
        aria-describedby={invalid ? "email-problem" : undefined}
        className={`mt-2 block h-11 w-full rounded-lg border bg-surface px-3.5 ${invalid ? "border-danger" : "border-field"}`}
      />
      {invalid && (
        <p id="email-problem" className="mt-2 text-sm text-danger">
          {problem}
        </p>
      )}
      <button
        type="submit"
        className="mt-5 h-11 w-full rounded-lg bg-accent font-semibold text-on-accent hover:bg-accent-strong"
      >
        Sign in
      </button>
    </form>
  );
}
