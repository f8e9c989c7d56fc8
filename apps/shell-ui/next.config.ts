import path from "node:path";

import type { NextConfig } from "next";

const config: NextConfig = {
  // The image runs this small copy of the server with only the modules that it needs.
  output: "standalone",
  outputFileTracingRoot: path.resolve(import.meta.dirname),
  // No image of ours needs scaling, and its library is larger than all the rest.
  images: { unoptimized: true },
  outputFileTracingExcludes: {
    "**": ["node_modules/sharp/**", "node_modules/@img/**", "node_modules/detect-libc/**", "node_modules/semver/**"],
  },
  poweredByHeader: false,
  // One registry for all that Next bundles apart.
  serverExternalPackages: ["prom-client", "@opentelemetry/exporter-trace-otlp-http", "@opentelemetry/sdk-trace"],
  // Dashboards live under an address that ends with a slash; the pages answer with and without.
  skipTrailingSlashRedirect: true,
  // Next's own badge would lie over the dashboards; what it tells is in the log.
  devIndicators: false,
  // Development is published on the loopback address, which people call by both names.
  allowedDevOrigins: ["localhost", "127.0.0.1"],
};

export default config;
