import "server-only";

type Level = "info" | "warning" | "error";

/** Write one JSON line to standard output. */
export function log(level: Level, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const line = { time: new Date().toISOString(), level, service: "shell-ui", message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
