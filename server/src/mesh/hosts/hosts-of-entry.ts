// The hosts that a ServiceEntry lists. An entry can list tens of thousands, and each of them asks for its place among all.
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';

type Entry = Resource<'ServiceEntry'>;

const known = new WeakMap<Entry, ReadonlyMap<string, Field<string>>>();
const lists = new WeakMap<Entry, readonly string[]>();
const texts = new WeakMap<Entry, ReadonlySet<string>>();
/** More hosts are kept in the form in which they are asked for. */
const fewHosts = 4;

/** The hosts of a ServiceEntry as they are written, by their normal form; of two of one form the first. */
export function writtenHosts(entry: Entry): ReadonlyMap<string, Field<string>> {
  const found = known.get(entry);
  if (found) return found;
  const hosts = new Map<string, Field<string>>();
  for (const field of entry.spec.hosts) {
    const host = normalizeHost(field.value);
    if (!hosts.has(host)) hosts.set(host, field);
  }
  known.set(entry, hosts);
  return hosts;
}

/** Whether a ServiceEntry lists the host letter by letter. */
export function listsAsWritten(entry: Entry, host: string): boolean {
  const { hosts } = entry.spec;
  if (hosts.length <= fewHosts) return hosts.some(({ value }) => value === host);
  const found = texts.get(entry) ?? new Set(hosts.map(({ value }) => value));
  texts.set(entry, found);
  return found.has(host);
}

/** The hosts of a ServiceEntry in their normal form, each once. */
export function hostsOfEntry(entry: Entry): readonly string[] {
  const { hosts } = entry.spec;
  if (hosts.length > fewHosts) return longList(entry);
  const found = hosts.map(({ value }) => normalizeHost(value));
  return found.length > 1 ? [...new Set(found)] : found;
}

function longList(entry: Entry): readonly string[] {
  const found = lists.get(entry) ?? [...writtenHosts(entry).keys()];
  lists.set(entry, found);
  return found;
}
