// A name to call for a host that may be a wildcard.

/** A host that a client can call: for a wildcard, any matching name; for `*`, none. */
export function concreteHost(host: string): string | undefined {
  if (host === '*') return undefined;
  return host.startsWith('*.') ? `any${host.slice(1)}` : host;
}
