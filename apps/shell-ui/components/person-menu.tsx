import { Menu } from "@/components/menu";
import { ThemeChoice } from "@/components/theme-choice";
import { initials } from "@/lib/initials";
import { chosenTheme } from "@/lib/server/theme";

interface PersonMenuProps {
  readonly email: string;
}

/** What belongs to the person rather than to a tenant: who they are, how pages look, the way out. */
export async function PersonMenu({ email }: PersonMenuProps) {
  const theme = await chosenTheme();
  return (
    <Menu name={`${email}, your menu`} label={<Avatar email={email} />} align="end">
      <p className="px-3 pt-2 pb-3 text-sm">
        <span className="block text-muted">Signed in as</span>
        <span className="block font-medium break-words">{email}</span>
      </p>
      <div className="border-t border-line py-3">
        <ThemeChoice initial={theme} />
      </div>
      <form method="post" action="/auth/sign-out" className="border-t border-line pt-1.5">
        <button type="submit" className="w-full rounded-lg px-3 py-2.5 text-left text-sm hover:bg-sunken">
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
      <span className="hidden truncate text-sm md:inline">{email}</span>
    </>
  );
}
