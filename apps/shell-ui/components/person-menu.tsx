import { headers } from "next/headers";
import Link from "next/link";

import { Menu } from "@/components/menu";
import { ThemeChoice } from "@/components/theme-choice";
import { initials } from "@/lib/initials";
import { requestIdOf } from "@/lib/server/http/request-id";
import { chosenTheme } from "@/lib/server/theme";
import { allowedTools, type Tool } from "@/lib/server/tools";

interface PersonMenuProps {
  readonly email: string;
  /** The tenant that the page belongs to, if any. */
  readonly tenant?: { readonly slug: string; readonly name: string; readonly role: string } | undefined;
}

const TOOL_NAMES: Readonly<Record<Tool, string>> = { audit: "Audit log", inspector: "Inspector" };
const ENTRY = "block w-full rounded-lg px-3 py-2.5 text-left text-sm hover:bg-sunken";

/** What belongs to the person rather than to a tenant: who they are, how pages look, the way out. */
export async function PersonMenu({ email, tenant }: PersonMenuProps) {
  const [theme, allowed] = await Promise.all([chosenTheme(), toolsIn(tenant)]);
  return (
    <Menu purpose="your menu" label={<Avatar email={email} />} align="end">
      <p className="px-3 pt-2 pb-3 text-sm">
        <span className="block text-muted">Signed in as</span>
        <span className="block font-medium break-words">{email}</span>
      </p>
      {tenant !== undefined && allowed.length > 0 && (
        <nav aria-label={`Tools of ${tenant.name}`} className="border-t border-line py-1.5">
          <ul>
            {allowed.map((tool) => (
              <li key={tool}>
                <Link href={`/tenant/${tenant.slug}/${tool}`} prefetch={false} className={ENTRY}>
                  {TOOL_NAMES[tool]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <div className="border-t border-line py-3">
        <ThemeChoice initial={theme} />
      </div>
      <form method="post" action="/auth/sign-out" className="border-t border-line pt-1.5">
        <button type="submit" className={ENTRY}>
          Sign out
        </button>
      </form>
    </Menu>
  );
}

async function toolsIn(tenant: PersonMenuProps["tenant"]): Promise<readonly Tool[]> {
  return tenant === undefined ? [] : await allowedTools(tenant, requestIdOf(await headers()));
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
