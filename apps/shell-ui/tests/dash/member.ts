/** Stands in for everything that asks who somebody is: everybody is a member of every tenant. */
export const sessionOf = () => Promise.resolve({ id: "s", email: "a@acme.com", userToken: "u", expiresAt: 0 });
export const confirmAccess = () => Promise.resolve();
export const tenantBySlug = () => Promise.resolve({ id: "1" });
export const tenantToken = () => Promise.resolve({ token: "t" });
export const dropTenantToken = () => undefined;
