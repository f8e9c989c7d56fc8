import { Menu } from "@/components/menu";
import { menuEntry } from "@/components/menu-entry";
import { ThemeChoice } from "@/components/theme-choice";
import { ToolLinks } from "@/components/tool-links";
import { initials } from "@/lib/initials";
import type { Theme } from "@/lib/theme";

interface PersonMenuProps {
  readonly email: string;
  readonly theme: Theme | null;
  readonly demo: boolean;
}

/** What belongs to the person rather than to a tenant: who they are, how pages look, the way out. */
export function PersonMenu({ email, theme, demo }: PersonMenuProps) {
  return (
    <Menu purpose="your menu" label={<Avatar email={email} />} align="end">
      <p className="px-3 pt-2 pb-3 text-sm">
        <span className="block text-muted">Signed in as</span>
        <span className="block font-medium break-words">{email}</span>
      </p>
      <ToolLinks demo={demo} />
      <div className="border-t border-line py-3">
        <ThemeChoice initial={theme} />
      </div>
      <form method="post" action="/auth/sign-out" className="border-t border-line pt-1.5">
        <button type="submit" className={menuEntry}>
          Sign out
        </button>
      </form>
    </Menu>
  );
}

function Avatar({ email }: { readonly email: string }) {
  const [name = ""] = email.split("@");
  return (
    <>
      <span
        aria-hidden="true"
        className="grid size-7 shrink-0 place-items-center rounded-full bg-accent text-[0.6875rem] font-semibold text-on-accent"
      >
        {initials(name)}
      </span>
      <span className="sr-only truncate text-sm md:not-sr-only">{email}</span>
    </>
  );
}
