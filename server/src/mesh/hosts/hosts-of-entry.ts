import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';

const known = new WeakMap<Resource<'ServiceEntry'>, ReadonlyMap<string, string>>();

/** The hosts of a ServiceEntry as they are written, by their normal form; of two of one form the first. */
export function writtenHosts(entry: Resource<'ServiceEntry'>): ReadonlyMap<string, string> {
  const found = known.get(entry);
  if (found) return found;
  const hosts = new Map<string, string>();
  for (const { value } of entry.spec.hosts) {
    const host = normalizeHost(value);
    if (!hosts.has(host)) hosts.set(host, value);
  }
  known.set(entry, hosts);
  return hosts;
}

/** The hosts of a ServiceEntry in their normal form, each once. */
export function hostsOfEntry({ spec }: Resource<'ServiceEntry'>): readonly string[] {
  const hosts = spec.hosts.map(({ value }) => normalizeHost(value));
  return hosts.length > 1 ? [...new Set(hosts)] : hosts;
}
