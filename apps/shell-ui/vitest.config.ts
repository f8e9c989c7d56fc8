import path from "node:path";

import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "@": import.meta.dirname,
      // Next resolves it to nothing on the server; elsewhere it throws when it is imported.
      "server-only": path.resolve(import.meta.dirname, "tests/server-only.ts"),
    },
  },
  test: { environment: "node", include: ["tests/**/*.test.ts"], unstubEnvs: true, unstubGlobals: true, restoreMocks: true },
});
