import "server-only";

import { signInOptions, type SignInOptions, type Tenant } from "./api";
import { attempt } from "./refusal";
import { SingleFlightCache } from "./single-flight-cache";
import { singleton } from "./singleton";

/** A page that is for some of a tenant's people only. */
export const tools = ["audit", "inspector"] as const;
export type Tool = (typeof tools)[number];

const MODE_MAX_AGE_MS = 60_000;
const TOOL_PATH = new RegExp(`^/tenant/[^/]+/(${tools.join("|")})/?$`);

const modes = singleton("sign-in-mode", () => new SingleFlightCache<SignInOptions>(1));

/** The tool that a path leads to, if any. */
export function toolOf(pathname: string): Tool | null {
  return tools.find((tool) => tool === TOOL_PATH.exec(pathname)?.[1]) ?? null;
}

/** What of the tools the person may use in the tenant; the menu, the gate and the pages all ask here. */
export async function allowedTools({ role }: Pick<Tenant, "role">, requestId: string): Promise<readonly Tool[]> {
  if (role === "admin") {
    return tools;
  }
  return (await isDemo(requestId)) ? ["inspector"] : [];
}

/** How people sign in does not change while the API runs. */
async function isDemo(requestId: string): Promise<boolean> {
  const { value } = await attempt(() =>
    modes.get("mode", (_, ageMs) => ageMs < MODE_MAX_AGE_MS, () => signInOptions(requestId)),
  );
  return value?.mode === "demo";
}
