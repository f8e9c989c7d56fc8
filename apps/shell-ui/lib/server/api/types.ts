import "server-only";

import type { PreviewKind } from "@/lib/preview-kind";

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
  /** Where the shell serves its logo, or null when it has none. */
  readonly logo: string | null;
}

/** A tenant's logo. */
export interface Logo {
  readonly mediaType: string;
  /** Changes with the picture, so that browsers may keep it for good. */
  readonly version: string;
  /** In base64. */
  readonly data: string;
}

export interface Me {
  readonly email: string;
  readonly tenants: readonly Tenant[];
  /** By the tenant's slug. Apart from the tenants, so that none is sent along with a page. */
  readonly logos: ReadonlyMap<string, Logo>;
}

export interface Dashboard {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  /** Which kind of figure stands for it on its card. */
  readonly preview: PreviewKind;
}

/** Who was let in or turned away, and when. */
export interface AuditEvent {
  readonly id: number;
  /** ISO 8601, with its offset. */
  readonly at: string;
  /** Null when nobody is known, or when it is not this tenant's to know. */
  readonly actor: string | null;
  readonly action: string;
  readonly outcome: "allowed" | "denied";
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, string>>;
}

/** Which part of a tenant's audit log, as the API's route takes it. */
export interface AuditQuery {
  readonly limit: number;
  readonly offset: number;
  readonly search: string;
  readonly before?: number;
  readonly outcome?: AuditEvent["outcome"];
  /** ISO 8601, with its offset. */
  readonly since?: string;
  readonly until?: string;
}

/** A part of a tenant's audit log, newest first, and how many events match in all. */
export interface AuditPart {
  readonly total: number;
  readonly events: readonly AuditEvent[];
}
