/** Stands in for the package of that name, which only works within Next. */
export {};
