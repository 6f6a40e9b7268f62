/** The namespaces that calls come from, and the names that they ask for. */
export const clients = ['red', 'clients'] as const;
export const names = ['one.org', 'two.org', 'api.one.org', 'deep.api.one.org', 'else.org'] as const;
