import "server-only";

import { tools, toolsFor, type Tool } from "../tools";
import { signInOptions, type SignInOptions, type Tenant } from "./api";
import { attempt } from "./refusal";
import { SingleFlightCache } from "./single-flight-cache";
import { singleton } from "./singleton";

const MODE_MAX_AGE_MS = 60_000;
const TOOL_PATH = new RegExp(`^/tenant/[^/]+/(${tools.join("|")})/?$`);

const modes = singleton("sign-in-mode", () => new SingleFlightCache<SignInOptions>(1));

/** The tool that a path leads to, if any. */
export function toolOf(pathname: string): Tool | null {
  return tools.find((tool) => tool === TOOL_PATH.exec(pathname)?.[1]) ?? null;
}

/** The tools that the person may use in the tenant. */
export async function allowedTools({ role }: Pick<Tenant, "role">, requestId: string): Promise<readonly Tool[]> {
  return toolsFor(role, role !== "admin" && (await isDemo(requestId)));
}

/** Whether everybody signs in by a click. How people sign in does not change while the API runs. */
export async function isDemo(requestId: string): Promise<boolean> {
  const { value } = await attempt(() =>
    modes.get("mode", (_, ageMs) => ageMs < MODE_MAX_AGE_MS, () => signInOptions(requestId)),
  );
  return value?.mode === "demo";
}
