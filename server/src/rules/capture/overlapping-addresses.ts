import { normalizeHost } from '../../names/hosts.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';
import { defineRule } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;

export const overlappingAddresses = defineRule({
  id: 'overlapping-addresses',
  stage: 'capture',
  summary: 'Two ServiceEntries list the same address, so all calls to it go to one of them.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['ServiceEntry', 'Namespace'],

  *check(entry, mesh) {
    if (entry.spec.addresses.length === 0 || !isIntendedForAmbient(mesh, entry)) return;
    const others = mesh
      .inNamespace('ServiceEntry', entry.namespace)
      .filter((other) => other.name < entry.name && !sharesHost(entry, other));
    for (const address of entry.spec.addresses) {
      const other = others.find(({ spec }) => spec.addresses.some(({ value }) => value === address.value));
      if (!other) continue;
      // ztunnel@62d8265 src/state/service.rs get_best_by_vip: the host name is not considered.
      yield {
        at: address.span,
        message: `Calls to ${address.value} all go to one ServiceEntry, whatever host the client wants: ${describe(other)} lists this address too.`,
        related: [{ resource: other, at: other.at.name, message: `${describe(other)} has the same address.` }],
        data: {},
      };
    }
  },
});

/** Two entries of one host are another fault. */
function sharesHost(a: Entry, b: Entry): boolean {
  return a.spec.hosts.some(({ value }) =>
    b.spec.hosts.some((host) => normalizeHost(host.value) === normalizeHost(value)),
  );
}
