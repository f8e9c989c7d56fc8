import "server-only";

const registry = globalThis as typeof globalThis & { kyros?: Map<string, unknown> };

/**
 * The one instance of something in this process.
 *
 * Next bundles pages, route handlers and the proxy apart, so a module-level variable exists once
 * per bundle; what all of them share has to hang on the global object.
 */
export function singleton<T>(name: string, create: () => T): T {
  registry.kyros ??= new Map();
  if (!registry.kyros.has(name)) {
    registry.kyros.set(name, create());
  }
  return registry.kyros.get(name) as T;
}
