/** Stands in for `lib/server/env`: tests fill in where the services are. */
const settings = {
  apiUrl: "",
  dashboardUrls: new Map<string, string>(),
  sessionSecret: "s".repeat(32),
  previousSessionSecret: null,
};

export const env = () => settings;
export const isDevServer = false;
