import { normalizeHost } from '../../names/hosts.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';

interface Data {
  readonly index: number;
  readonly value: string;
}

export const hostSpelling = defineRule({
  id: 'host-spelling',
  stage: 'capture',
  summary:
    'Clients do not reach a host through its ServiceEntry, because it has upper-case letters or ends with a dot.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: ['Namespace'],

  *check(entry, mesh): Iterable<RuleFinding<Data>> {
    for (const [index, { value, span }] of entry.spec.hosts.entries()) {
      const normal = normalizeHost(value);
      if (normal === value) continue;
      const dot = value.endsWith('.') ? 'without the dot at its end' : 'in lower case';
      // Sidecars find HTTP requests whatever the case. istio@86c9f01 pilot/pkg/networking/core/httproute.go buildSidecarVirtualHostsForService.
      const isSure = value.endsWith('.') || isIntendedForAmbient(mesh, entry);
      yield {
        at: span,
        message: `Clients ${isSure ? 'do' : 'may'} not reach ${value} through this ServiceEntry: they send the host ${dot}, and Istio compares it as written.`,
        data: { index, value: normal },
        ...(isSure ? {} : { severity: 'information' as const }),
      };
    }
  },

  *fixes({ index, value }, entry) {
    if (entry.spec.hosts.some((host) => host.value === value)) return;
    yield {
      title: `Replace with ${value}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: entry, path: ['spec', 'hosts', index], value }],
    };
  },
});
