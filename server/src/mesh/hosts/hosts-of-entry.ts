// The hosts that a ServiceEntry lists. An entry can list tens of thousands, and each of them asks for its place among all.
import { keptFor } from '../../base/kept-for.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';

type Entry = Resource<'ServiceEntry'>;

/** More hosts are kept in the form in which they are asked for. */
const fewHosts = 4;

/** The hosts of a ServiceEntry as they are written, by their normal form; of two of one form the first. */
export const writtenHosts = keptFor(({ spec }: Entry): ReadonlyMap<string, Field<string>> => {
  const hosts = new Map<string, Field<string>>();
  for (const field of spec.hosts) {
    const host = normalizeHost(field.value);
    if (!hosts.has(host)) hosts.set(host, field);
  }
  return hosts;
});

const textsOf = keptFor(({ spec }: Entry): ReadonlySet<string> => new Set(spec.hosts.map(({ value }) => value)));
const longList = keptFor((entry: Entry): readonly string[] => [...writtenHosts(entry).keys()]);

/** Whether a ServiceEntry lists the host letter by letter. */
export function listsAsWritten(entry: Entry, host: string): boolean {
  const { hosts } = entry.spec;
  return hosts.length > fewHosts ? textsOf(entry).has(host) : hosts.some(({ value }) => value === host);
}

/** Whether two ServiceEntries list a host in common; one with itself too. */
export function shareHost(a: Entry, b: Entry): boolean {
  const hosts = writtenHosts(b);
  return a.spec.hosts.some(({ value }) => hosts.has(normalizeHost(value)));
}

/** The hosts of a ServiceEntry in their normal form, each once. */
export function hostsOfEntry(entry: Entry): readonly string[] {
  const { hosts } = entry.spec;
  if (hosts.length > fewHosts) return longList(entry);
  const found = hosts.map(({ value }) => normalizeHost(value));
  return found.length > 1 ? [...new Set(found)] : found;
}
