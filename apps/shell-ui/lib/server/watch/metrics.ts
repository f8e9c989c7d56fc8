import "server-only";

import { Counter, Histogram, Registry } from "prom-client";

import { singleton } from "../singleton";

export const SERVICE = "shell-ui";
/** Tenants that have a label of their own in one process; all others share one. */
export const MOST_TENANTS = 200;

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What came of looking into a cache: `shared` with one who asked just before. */
export type CacheResult = "hit" | "miss" | "shared";

/** One request that was answered, or whose browser left before. */
export interface Answered {
  /** The route's template, never a path that somebody typed. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  /** The id of the tenant that it was for, once that is known to be the person's. */
  readonly tenant: string | null;
}

/** The families have the names and labels that the Python services give them. */
const metrics = singleton("metrics", () => {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    tenants: new Set<string>(),
    requests: new Counter({
      name: "kyros_http_requests_total",
      help: "Requests that were answered; healthchecks are left out.",
      labelNames: ["service", "route", "method", "status"],
      registers,
    }),
    seconds: new Histogram({
      name: "kyros_http_request_duration_seconds",
      help: "From a request's head to the end of its answer.",
      labelNames: ["service", "route", "method"],
      buckets: SECONDS,
      registers,
    }),
    tenantRequests: new Counter({
      name: "kyros_tenant_requests_total",
      help: "Requests for a tenant of the person's, by how they ended: ok, refused, failed.",
      labelNames: ["service", "tenant", "outcome"],
      registers,
    }),
    denials: new Counter({
      name: "kyros_denials_total",
      help: "Requests that were refused for who asked, by error code.",
      labelNames: ["service", "code"],
      registers,
    }),
    caches: new Counter({
      name: "kyros_cache_requests_total",
      help: "Looks into a cache: hit, miss, or shared with one who asked just before.",
      labelNames: ["service", "cache", "result"],
      registers,
    }),
  };
});

/** What Prometheus reads. */
export const { registry } = metrics;

/** Count a request. */
export function countRequest({ route, method: asked, status, seconds, tenant }: Answered): void {
  const method = METHODS.has(asked) ? asked : "OTHER";
  metrics.requests.inc({ service: SERVICE, route, method, status });
  metrics.seconds.observe({ service: SERVICE, route, method }, seconds);
  if (tenant !== null) {
    const outcome = status >= 500 ? "failed" : status >= 400 ? "refused" : "ok";
    metrics.tenantRequests.inc({ service: SERVICE, tenant: labelOf(tenant), outcome });
  }
}

/** Count a refusal for who asked. */
export function countDenial(code: string): void {
  metrics.denials.inc({ service: SERVICE, code });
}

/** Count a look into a cache. */
export function countLook(cache: string, result: CacheResult): void {
  metrics.caches.inc({ service: SERVICE, cache, result });
}

function labelOf(tenant: string): string {
  if (!metrics.tenants.has(tenant)) {
    if (metrics.tenants.size >= MOST_TENANTS) {
      return "other";
    }
    metrics.tenants.add(tenant);
  }
  return tenant;
}
