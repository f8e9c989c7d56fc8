import "server-only";

import { env, EnvError } from "./env";

/** End the process with one sentence when a setting is missing or wrong. */
export function checkEnvAtStart(): void {
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvError)) {
      throw error;
    }
    process.stderr.write(`shell-ui cannot start: ${error.message}\n`);
    process.exit(1);
  }
}
