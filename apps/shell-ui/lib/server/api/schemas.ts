import "server-only";

import { z } from "zod";

/** The shapes on the wire. Everything else in the shell uses the types of `./types`. */

const config = z.record(z.string(), z.unknown());

export const errorBody = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});

export const signInOptions = z.object({
  mode: z.enum(["demo", "password"]),
  demo_users: z.array(z.object({ email: z.string(), description: z.string() })),
});

export const issuedToken = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});

export const signedOut = z.object({ signed_out: z.literal(true) });

export const me = z.object({
  user_id: z.string(),
  email: z.string(),
  tenants: z.array(
    z.object({ id: z.string(), name: z.string(), slug: z.string(), role: z.string(), config_json: config }),
  ),
});

export const dashboardCounts = z.object({
  tenants: z.array(z.object({ tenant_id: z.string(), dashboards: z.number().int().nonnegative() })),
});

export const dashboards = z.object({
  dashboards: z.array(
    z.object({ slug: z.string(), title: z.string(), description: z.string().nullable(), config_json: config }),
  ),
});

export const auditLines = z.object({
  total: z.number(),
  events: z.array(
    z.object({
      id: z.number(),
      at: z.iso.datetime({ offset: true }),
      actor: z.string().nullable(),
      action: z.string(),
      outcome: z.enum(["allowed", "denied"]),
      request_id: z.string().nullable(),
      details: z.record(z.string(), z.string()),
    }),
  ),
});
