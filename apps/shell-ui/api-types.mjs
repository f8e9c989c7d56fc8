// Writes lib/server/api/openapi.d.ts from the API's committed description; with --check it only says
// whether that file is what would be written.

import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { URL } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";

const DESCRIPTION = new URL("../api/openapi.json", import.meta.url);
const TYPES = new URL("lib/server/api/openapi.d.ts", import.meta.url);
const HEADER = "// Made by `nox -s openapi` from apps/api/openapi.json; do not edit.\n\n";

/** Rows and views are asked for by the dashboards alone, and are most of the description. */
function withoutDashboardsData(description) {
  const isData = (path) => path.startsWith("/api/dashboards/") && !path.endsWith("/access");
  const paths = Object.entries(description.paths).filter(([path]) => !isData(path));
  return { ...description, paths: Object.fromEntries(paths) };
}

const description = JSON.parse(readFileSync(DESCRIPTION, "utf8"));
const made = HEADER + astToString(await openapiTS(withoutDashboardsData(description)));

if (!process.argv.includes("--check")) {
  writeFileSync(TYPES, made);
} else if (readFileSync(TYPES, "utf8") !== made) {
  process.stderr.write("lib/server/api/openapi.d.ts is not of apps/api/openapi.json: run `nox -s openapi`.\n");
  process.exitCode = 1;
}
