import "server-only";

/** How people can sign in to this installation. */
export interface SignInOptions {
  readonly mode: "demo" | "password";
  readonly demoUsers: readonly DemoUser[];
}

export interface DemoUser {
  readonly email: string;
  readonly description: string;
}

/** A token of the API and when it ends, in milliseconds since 1970. */
export interface IssuedToken {
  readonly token: string;
  readonly lifetimeSeconds: number;
  readonly expiresAtMs: number;
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly role: string;
  /** `#rrggbb`, or null when the tenant has none. */
  readonly colour: string | null;
}

export interface Me {
  readonly email: string;
  readonly tenants: readonly Tenant[];
}

export interface Dashboard {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
}
