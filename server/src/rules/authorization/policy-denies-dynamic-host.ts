import { couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import { labelsWithSidecar } from '../../mesh/clients/injection.ts';
import { declaredRequests } from '../../eval/trace/declared-requests.ts';
import { trace } from '../../eval/trace/trace.ts';
import { defineRule } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { traceInputs } from '../trace/declared-traces.ts';

export const policyDeniesDynamicHost = defineRule({
  id: 'policy-denies-dynamic-host',
  stage: 'authorization',
  summary:
    'Sidecars deny https to a wildcard host, because policies for incoming calls count there for outgoing TLS too.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: traceInputs,

  // istio@86c9f01 pilot/pkg/networking/core/networkfilter.go buildCompleteNetworkFilters; server/docs/istio-semantics-classic.md §H.4, §L.64.
  *check(entry, mesh) {
    const { namespace, spec } = entry;
    const { resolution } = spec;
    if (resolution?.value !== 'DYNAMIC_DNS' || !couldHaveSidecars(mesh, namespace)) return;
    const requests = declaredRequests(mesh, entry, [namespace]).filter(({ scheme }) => scheme === 'https');
    for (const request of requests) {
      const found = trace(mesh, { ...request, from: { ...request.from, labels: labelsWithSidecar } });
      const denying = found.steps.find(({ stage, outcome }) => stage === 'authorization' && outcome === 'no');
      if (found.verdict !== 'denied' || found.gateway || !denying) continue;
      const policies = [...new Set(denying.evidence.map(({ resource }) => resource))];
      yield {
        at: resolution.span,
        message: `Sidecars of namespace ${namespace} deny TLS connections to ${request.host}: with resolution DYNAMIC_DNS, policies for the calls that their pods receive count there too, and know no client.`,
        related: relatedTo(policies, (name) => `${name} denies it.`),
        data: {},
      };
      return;
    }
  },
});
