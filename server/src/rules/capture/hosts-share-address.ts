import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import { resolvesHosts } from '../../mesh/hosts/shared-address.ts';
import { isSingleAddress } from '../../names/addresses.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';
import { defineRule } from '../rule.ts';

export const hostsShareAddress = defineRule({
  id: 'hosts-share-address',
  stage: 'capture',
  summary: 'Several hosts of a ServiceEntry share its addresses, so calls to all of them go to one place.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['Namespace'],

  *check(entry, mesh) {
    const hosts = hostsOfEntry(entry);
    const address = entry.spec.addresses.find(({ value }) => isSingleAddress(value));
    if (hosts.length < 2 || !address || !isIntendedForAmbient(mesh, entry)) return;
    // Hosts that are all at the address, or at the endpoints that are listed, may share it.
    const isNone = (entry.spec.resolution?.value ?? 'NONE') === 'NONE';
    if (!resolvesHosts(entry) && !(isNone && hosts.some((host) => host.startsWith('*')))) return;
    // server/docs/istio-semantics.md §2.63
    yield {
      at: address.span,
      message: `Calls to ${namesOf(hosts)} all go to ${isNone ? `address ${address.value}` : 'one of these hosts'}: each of these names resolves to ${address.value}, and the connection does not say which host is meant; use a ServiceEntry of its own for each host.`,
      data: {},
    };
  },
});

function namesOf(hosts: readonly string[]): string {
  if (hosts.length > 3) return `${hosts.slice(0, 2).join(', ')} and ${hosts.length - 2} more hosts`;
  return `${hosts.slice(0, -1).join(', ')} and ${hosts.at(-1)}`;
}
