/** A page that is for some of a tenant's people only. */
export const tools = ["audit", "inspector"] as const;
export type Tool = (typeof tools)[number];

/**
 * The tools that a person may use in a tenant, as the menu, the gate and the pages all have it.
 *
 * @param role the person's in the tenant
 * @param isDemo whether everybody signs in by a click
 */
export function toolsFor(role: string, isDemo: boolean): readonly Tool[] {
  if (role === "admin") {
    return tools;
  }
  return isDemo ? ["inspector"] : [];
}
