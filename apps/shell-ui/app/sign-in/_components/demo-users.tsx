import type { DemoUser } from "@/lib/server/api";

import { Entrance } from "./entrance";

interface DemoUsersProps {
  readonly users: readonly DemoUser[];
  readonly next: string | null;
}

/** One button for each demo user, named by the email address. */
export function DemoUsers({ users, next }: DemoUsersProps) {
  return (
    <section aria-labelledby="demo-users" className="mt-10 border-t border-line pt-8">
      <h2 id="demo-users" className="text-sm font-medium">
        Or look around as a demo user
      </h2>
      <ul className="mt-3 grid gap-2">
        {users.map((user) => (
          <li key={user.email}>
            <DemoUserForm user={user} next={next} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DemoUserForm({ user, next }: { readonly user: DemoUser; readonly next: string | null }) {
  const id = `demo-${user.email}`;
  return (
    <Entrance className="relative flex items-center justify-between gap-4 rounded-lg border border-line bg-surface px-4 py-3 shadow-card hover:border-accent">
      {next !== null && <input type="hidden" name="next" value={next} />}
      <div className="min-w-0">
        {/* The button covers all of the card; it is named by what it shows, and described by the rest. */}
        <button
          type="submit"
          name="email"
          value={user.email}
          aria-describedby={id}
          className="block max-w-full truncate text-left text-sm font-medium outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-offset-2 focus-visible:after:outline-accent"
        >
          {user.email}
        </button>
        <p id={id} className="mt-0.5 text-sm text-muted">
          {user.description}
        </p>
      </div>
      <svg viewBox="0 0 16 16" className="size-4 shrink-0 text-muted" aria-hidden="true">
        <path d="M3 8h10M9 4l4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </Entrance>
  );
}
