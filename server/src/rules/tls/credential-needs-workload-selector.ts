import { couldBeAmbient, couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isPrivateRule } from '../../mesh/hosts/visibility.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { externalHostsOf, originates, tlsBlocksOf } from './faults/faults-of-rule.ts';
import { bindingInputs, routeInputs } from '../shared/inputs.ts';

export const credentialNeedsWorkloadSelector = defineRule({
  id: 'credential-needs-workload-selector',
  stage: 'tls',
  summary:
    'Sidecars read `credentialName` only in a DestinationRule with a `workloadSelector`, and otherwise send plaintext.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: [...bindingInputs, ...routeInputs, 'DestinationRule', 'Pod', 'Workload'],

  *check(rule, mesh) {
    if (rule.spec.workloadSelector) return;
    for (const { tls } of tlsBlocksOf(rule)) {
      const field = originates(tls) ? tls.credentialName : undefined;
      if (!field?.value || field.value.startsWith('configmap://') || !isForNoOther(mesh, rule)) continue;
      // istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go buildUpstreamClusterTLSContext.
      const finding = {
        at: field.span,
        message: `Sidecars send plaintext to ${rule.spec.host!.value}: they read credentialName ${field.value} only in a rule with a workloadSelector.`,
        data: {},
      };
      // Where nothing says that pods have sidecars, a waypoint or gateway that no file shows may apply the rule; one that is for its
      // own namespace only is for the pods there.
      if (couldHaveSidecars(mesh, rule.namespace)) yield finding;
      else if (isPrivateRule(mesh, rule) || isRoutedBySidecars(mesh, rule))
        yield { ...finding, severity: 'information' };
      return;
    }
  },
});

/** No waypoint and no gateway may be the one to apply it, and nothing is ambient. */
function isForNoOther(mesh: Mesh, rule: Resource<'DestinationRule'>): boolean {
  const hosts = externalHostsOf(mesh, rule);
  return (
    hosts.length > 0 &&
    hosts.every(({ entry, host }) => {
      const binding = bindWaypoint(mesh, entry);
      const isUnbound = binding.state === 'unbound' || (binding.state === 'unknown' && !binding.label);
      return (
        isUnbound &&
        [entry.namespace, rule.namespace].every((namespace) => !hasWaypoint(mesh, namespace)) &&
        mesh.virtualServicesRoutingTo(host).every(isForSidecars) &&
        mesh.routesToHost(host).length === 0
      );
    })
  );
}

/** A route that lists the gateway `mesh` by itself is written for sidecars. */
function isRoutedBySidecars(mesh: Mesh, rule: Resource<'DestinationRule'>): boolean {
  return externalHostsOf(mesh, rule).some(({ host }) =>
    mesh
      .virtualServicesRoutingTo(host)
      .some(({ spec }) => spec.gateways.length === 1 && spec.gateways[0]!.value === 'mesh'),
  );
}

function isForSidecars({ spec }: Resource<'VirtualService'>): boolean {
  return spec.gateways.every(({ value }) => value === 'mesh');
}

function hasWaypoint(mesh: Mesh, namespace: string): boolean {
  return (
    couldBeAmbient(mesh, namespace) ||
    mesh.inNamespace('Gateway', namespace).some((gateway) => isWaypointClass(gateway, mesh.settings) !== false)
  );
}
