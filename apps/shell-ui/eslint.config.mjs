import js from "@eslint/js";
import next from "@next/eslint-plugin-next";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const onlyEnvReadsTheEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "Only lib/server/env.ts reads the environment; import env() from there.",
};

const serverOnly = {
  selector: "Program:not(:has(ImportDeclaration[source.value='server-only']))",
  message: 'Files in lib/server start with `import "server-only"`.',
};

export default defineConfig(
  globalIgnores([".next/", "lib/server/api/openapi.d.ts", "next-env.d.ts", "node_modules/"]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  reactHooks.configs.flat.recommended,
  jsxA11y.flatConfigs.strict,
  next.configs["core-web-vitals"],
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "off",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "no-restricted-syntax": ["error", onlyEnvReadsTheEnvironment],
    },
  },
  {
    files: ["lib/server/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", onlyEnvReadsTheEnvironment, serverOnly] },
  },
  {
    files: ["lib/server/env.ts"],
    rules: { "no-restricted-syntax": ["error", serverOnly] },
  },
  {
    files: ["**/*.test.ts"],
    rules: { "max-lines-per-function": "off", "no-restricted-syntax": "off" },
  },
  { files: ["**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
);
