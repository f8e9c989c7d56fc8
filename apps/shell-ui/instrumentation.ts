import type { Instrumentation } from "next";

/** Runs once when the server starts, before the first request. */
export async function register(): Promise<void> {
  // Next compiles this file for its edge runtime as well, and drops the branch there.
  // eslint-disable-next-line no-restricted-syntax -- a constant of the build, not a setting
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { checkEnvAtStart } = await import("@/lib/server/start");
    checkEnvAtStart();
    const { serveMetrics } = await import("@/lib/server/watch/serve");
    await serveMetrics();
    const { startTracing } = await import("@/lib/server/watch/tracing");
    await startTracing();
    const { standInFront } = await import("@/lib/server/front");
    standInFront();
  }
}

/** Runs for each request that could not be answered: one line in the log, under the request's id. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  // eslint-disable-next-line no-restricted-syntax -- as above
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { logFailure } = await import("@/lib/server/log-failure");
    logFailure(error, request, context);
  }
};
