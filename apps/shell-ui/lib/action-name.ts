const NAMES: Readonly<Record<string, string>> = {
  "auth.sign_in": "Sign in",
  "token.exchange": "Enter the tenant",
  "tenant.read": "Read the tenant",
  "tenant.administer": "Use what is for administrators",
  "dashboard.read": "Open a dashboard",
};

/** What somebody tried, in words: "admin.role.grant" is "Role grant, by the operator". */
export function actionName(action: string): string {
  const name = NAMES[action];
  if (name !== undefined) {
    return name;
  }
  const byOperator = action.startsWith("admin.");
  const words = action.slice(byOperator ? "admin.".length : 0).replaceAll(/[._-]+/g, " ");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}${byOperator ? ", by the operator" : ""}`;
}
