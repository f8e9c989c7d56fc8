import "server-only";

import { readFileSync } from "node:fs";
import type { BlockList } from "node:net";

import { z } from "zod";

import { addressList } from "./http/address-list";
import type { TracesTo } from "./watch/opentelemetry";

/** The settings of this service, checked and in the form the code wants them. */
export interface Env {
  /** Base address of the API, without a slash at the end. */
  readonly apiUrl: string;
  /** Where each dashboard runs, by its slug. */
  readonly dashboardUrls: ReadonlyMap<string, string>;
  /** What the session cookie's key is derived from. */
  readonly sessionSecret: string;
  /** What it was derived from before the keys were rotated: opens what was sealed then. Null when there is none. */
  readonly previousSessionSecret: string | null;
  /** Whose word is taken for the address of the person behind. */
  readonly trustedProxies: BlockList;
  /** Where Prometheus finds what was counted; port 0 is nowhere. */
  readonly metricsPort: number;
  readonly metricsHost: string;
  /** Where traces are sent; null is nowhere. */
  readonly traces: TracesTo | null;
}

/** A setting is missing or wrong; the message is one sentence with the remedy. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

type Source = Readonly<Record<string, string | undefined>>;

const MIN_SECRET_LENGTH = 32;
const MIN_DISTINCT = 10;
const PUBLISHED_MARKS = ["change", "example", "secret", "password", "default", "insecure", "your-"];
const SLUG = /^[a-z0-9][a-z0-9-]*$/;

const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

function readApiUrl(source: Source): string {
  const value = source.API_URL ?? "";
  if (value === "") {
    throw new EnvError("API_URL is missing; set it to the API's address, such as http://api:8000.");
  }
  const parsed = httpUrl.safeParse(value);
  if (!parsed.success) {
    throw new EnvError(`API_URL is not an http address: "${value}"; use one such as http://api:8000.`);
  }
  return parsed.data;
}

function readDashboardUrls(source: Source): ReadonlyMap<string, string> {
  const example = "risk-analysis=http://dash-app-risk:8051";
  const entries = (source.DASHBOARD_URLS ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (entries.length === 0) {
    throw new EnvError(`DASHBOARD_URLS is missing; list the dashboards as slug=address, such as ${example}.`);
  }
  return new Map(
    entries.map((entry) => {
      const [slug = "", ...address] = entry.split("=");
      const url = httpUrl.safeParse(address.join("="));
      if (!SLUG.test(slug) || !url.success) {
        throw new EnvError(`DASHBOARD_URLS has an entry that is not slug=address: "${entry}"; write it like ${example}.`);
      }
      return [slug, url.data] as const;
    }),
  );
}

type ReadFile = (path: string) => string;

/** The value of a secret, or what the file holds that stands for it; empty when there is neither. */
function readValueOrFile(name: string, value: string | undefined, path: string | undefined, readFile: ReadFile): string {
  if (value || !path) {
    return value ?? "";
  }
  try {
    return readFile(path).trim();
  } catch {
    throw new EnvError(`${name}_FILE names a file that cannot be read: "${path}"; create it or correct the path.`);
  }
}

/** What makes a secret unfit, to go on after its name; the same marks as the Python services go by. */
function secretProblem(secret: string): string | null {
  if (secret.length < MIN_SECRET_LENGTH) {
    return `has only ${String(secret.length)} characters; it needs ${String(MIN_SECRET_LENGTH)} or more random ones`;
  }
  if (PUBLISHED_MARKS.some((mark) => secret.toLowerCase().includes(mark))) {
    return `is a published value; set it to ${String(MIN_SECRET_LENGTH)} or more random characters`;
  }
  if (new Set(secret).size < MIN_DISTINCT) {
    return `can be guessed; set it to ${String(MIN_SECRET_LENGTH)} or more random characters`;
  }
  return null;
}

function readSessionSecret(source: Source, readFile: ReadFile): string {
  const secret = readValueOrFile("SESSION_SECRET_KEY", source.SESSION_SECRET_KEY, source.SESSION_SECRET_KEY_FILE, readFile);
  if (secret === "") {
    throw new EnvError(
      "SESSION_SECRET_KEY is missing; set it to 32 or more random characters, or SESSION_SECRET_KEY_FILE to a file that holds them.",
    );
  }
  const problem = secretProblem(secret);
  if (problem !== null) {
    throw new EnvError(`SESSION_SECRET_KEY ${problem}.`);
  }
  return secret;
}

function readPreviousSessionSecret(source: Source, readFile: ReadFile): string | null {
  const name = "SESSION_SECRET_KEY_PREVIOUS";
  const secret = readValueOrFile(name, source.SESSION_SECRET_KEY_PREVIOUS, source.SESSION_SECRET_KEY_PREVIOUS_FILE, readFile);
  const problem = secret === "" ? null : secretProblem(secret);
  if (problem !== null) {
    throw new EnvError(`${name} ${problem}, or leave it empty.`);
  }
  return secret === "" ? null : secret;
}

function readTrustedProxies(source: Source): BlockList {
  try {
    return addressList(source.FORWARDED_ALLOW_IPS ?? "");
  } catch (error) {
    const entry = error instanceof RangeError ? error.message : "";
    throw new EnvError(
      `FORWARDED_ALLOW_IPS has an entry that is no address or network: "${entry}"; write it like 10.0.0.1 or 10.0.0.0/8.`,
    );
  }
}

function readMetricsPort(source: Source): number {
  const value = source.METRICS_PORT ?? "";
  const port = Number(value);
  if (!/^\d*$/.test(value) || port > 65_535) {
    throw new EnvError(`METRICS_PORT is no port: "${value}"; use one such as 9100, or leave it empty for no metrics.`);
  }
  return port;
}

function readMetricsHost({ METRICS_HOST: host = "" }: Source): string {
  return host === "" ? "127.0.0.1" : host;
}

function readTraces(source: Source): TracesTo | null {
  const collector = source.OTEL_EXPORTER_OTLP_ENDPOINT ?? "";
  if (collector === "") {
    return null;
  }
  const parsed = httpUrl.safeParse(collector);
  if (!parsed.success) {
    throw new EnvError(
      `OTEL_EXPORTER_OTLP_ENDPOINT is not an http address: "${collector}"; use one such as http://collector:4318, or leave it empty for no traces.`,
    );
  }
  const given = source.OTEL_TRACES_SAMPLER_ARG ?? "";
  const share = given === "" ? 1 : Number(given);
  if (!(share >= 0 && share <= 1)) {
    throw new EnvError(`OTEL_TRACES_SAMPLER_ARG is no share of the requests: "${given}"; use a number from 0 to 1.`);
  }
  return { collector: parsed.data, share, environment: source.KYROS_ENV === "development" ? "development" : "production" };
}

/**
 * Check the variables and return them as settings.
 *
 * Separate from {@link env} so that tests can hand in their own.
 */
export function readEnv(
  source: Source,
  readFile: ReadFile = (path) => readFileSync(path, "utf8"),
): Env {
  return {
    apiUrl: readApiUrl(source),
    dashboardUrls: readDashboardUrls(source),
    sessionSecret: readSessionSecret(source, readFile),
    previousSessionSecret: readPreviousSessionSecret(source, readFile),
    trustedProxies: readTrustedProxies(source),
    metricsPort: readMetricsPort(source),
    metricsHost: readMetricsHost(source),
    traces: readTraces(source),
  };
}

let settings: Env | undefined;

/**
 * The settings of this process.
 *
 * Read at first use, not at import: `next build` imports every module, and an image must build
 * without any setting.
 */
export function env(): Env {
  settings ??= readEnv(process.env);
  return settings;
}

/** Whether this is `next dev`, whose hot reload needs a wider content security policy. */
export const isDevServer = process.env.NODE_ENV === "development";
