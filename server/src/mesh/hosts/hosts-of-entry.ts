import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';

/** The hosts of a ServiceEntry in their normal form, each once. */
export function hostsOfEntry({ spec }: Resource<'ServiceEntry'>): readonly string[] {
  const hosts = spec.hosts.map(({ value }) => normalizeHost(value));
  return hosts.length > 1 ? [...new Set(hosts)] : hosts;
}
