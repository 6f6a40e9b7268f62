import { couldHaveSidecars, namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import { defineRule, type Fix } from '../rule.ts';

const modes = ['REGISTRY_ONLY', 'ALLOW_ANY'] as const;

export const outboundPolicyWithoutMode = defineRule({
  id: 'outbound-policy-without-mode',
  stage: 'leak',
  summary: 'A Sidecar blocks hosts that the mesh does not know, because its outboundTrafficPolicy has no mode.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['KIA1007'],
  subjects: ['Sidecar'],
  inputs: ['Namespace', 'Pod', 'Workload'],

  // The mode is an enum whose first value is REGISTRY_ONLY. server/docs/istio-semantics-classic.md §B.18.
  *check({ spec, namespace }, mesh) {
    const policy = spec.outboundTrafficPolicy;
    if (!policy || policy.mode) return;
    // Elsewhere `sidecar-resource-ignored` reports the whole resource.
    if (namespaceDataPlane(mesh, namespace).mode === 'ambient' && !couldHaveSidecars(mesh, namespace)) return;
    yield {
      at: policy.key,
      message:
        'Requests to hosts that no ServiceEntry or Service has are blocked: without mode, outboundTrafficPolicy means REGISTRY_ONLY, whatever the mesh allows.',
      data: {},
    };
  },

  *fixes(_, sidecar) {
    for (const mode of modes)
      yield {
        title: `Set mode: ${mode}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: sidecar, path: ['spec', 'outboundTrafficPolicy', 'mode'], value: mode }],
      } satisfies Fix;
  },
});
