import "server-only";

import type { z } from "zod";

import type { paths } from "./openapi";

/** A route of the API, as its description writes it: with parameters in braces. */
export type Route = keyof paths;

type Operation<R extends Route> = paths[R] extends { get: infer Get extends object } ? Get : paths[R]["post"];

type Parameters<R extends Route, Place extends "path" | "query"> =
  Operation<R> extends { parameters: Partial<Record<Place, infer Given extends object>> } ? Given : never;

/** What the API answers there when all is well. */
export type Answer<R extends Route> =
  Operation<R> extends { responses: { 200: { content: { "application/json": infer Body } } } } ? Body : never;

type RequestBody<R extends Route> =
  Operation<R> extends { requestBody: { content: { "application/json": infer Body } } } ? Body : never;

type When<T, Needed, Else = unknown> = [T] extends [never] ? Else : Needed;

/** What a route has to be given, and what it may be given: all of it by the API's description. */
export type Input<R extends Route> = When<Parameters<R, "path">, { readonly parameters: Readonly<Parameters<R, "path">> }> &
  When<RequestBody<R>, { readonly body: Readonly<RequestBody<R>> }> &
  When<Parameters<R, "query">, { readonly query?: Readonly<Parameters<R, "query">> }>;

/** A schema that takes whatever the route may answer; TypeScript refuses another. */
export type Reads<R extends Route, Schema extends z.ZodType> =
  Answer<R> extends z.input<Schema> ? Schema : never;

/** The path of a call, each parameter kept within its own segment. */
export function pathOf(
  route: Route,
  parameters: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const path = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search === "" ? path : `${path}?${search}`;
}
