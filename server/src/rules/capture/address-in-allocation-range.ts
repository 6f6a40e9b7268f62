import { inBlock } from '../../eval/authz/ip-match.ts';
import { since } from '../../mesh/settings.ts';
import { allocationRanges } from '../../names/addresses.ts';
import { defineRule } from '../rule.ts';

export const addressInAllocationRange = defineRule({
  id: 'address-in-allocation-range',
  stage: 'capture',
  summary:
    'Clients can reach the wrong host, because a listed address is in the range from which Istio allocates addresses.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: [],

  *check(entry, { settings }) {
    if (!settings.autoAllocateAddresses || !since(settings, '1.25')) return;
    for (const { value, span } of entry.spec.addresses) {
      const range = allocationRanges.find((block) => inBlock(block, [value]) === 'yes');
      if (range)
        yield {
          at: span,
          message: `A host that Istio already gave ${value} moves to another address, and its clients reach the wrong host for a while: Istio allocates from ${range}.`,
          data: {},
        };
    }
  },
});
