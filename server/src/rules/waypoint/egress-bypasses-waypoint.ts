import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { tlsOfRule } from '../../mesh/destination-rules/upstream-tls.ts';
import { bindWaypoint, waypointsFor } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { namespacesJoining } from '../../mesh/clients/data-plane.ts';
import { isAmbientHere, isHiddenFromAll, waypointBeside } from '../shared/intent.ts';
import { bindTo } from '../shared/written-manifests.ts';
import { useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { isExternal, tlsTargetOf } from '../../mesh/hosts/target-ports.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { rulesAnywhere } from '../../mesh/destination-rules/matching-rules.ts';
import { gatewayRouteInputs, tlsInputs } from '../shared/inputs.ts';
import { gatewayBehind } from '../trace/requests-of-route.ts';

type Entry = Resource<'ServiceEntry'>;

export const egressBypassesWaypoint = defineRule({
  id: 'egress-bypasses-waypoint',
  stage: 'waypoint',
  summary: 'A host has a policy, route or TLS that only a waypoint applies, but no waypoint is bound.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA0109'],
  subjects: ['ServiceEntry'],
  inputs: [...tlsInputs, ...gatewayRouteInputs, 'VirtualService', 'IstioGateway', 'Pod', 'Workload'],

  *check(entry, mesh): Iterable<RuleFinding<object>> {
    const binding = bindWaypoint(mesh, entry);
    if (binding.state === 'unknown' && !binding.label) yield* unlessNamespaceBinds(mesh, entry);
    if (binding.state !== 'unbound' || binding.optedOut || isLabelMisplaced(mesh, entry)) return;
    if (isHiddenFromAll(mesh, entry)) return;
    const idle = idleWithoutWaypoint(mesh, entry);
    const first = idle[0];
    if (!first) return;
    yield {
      at: entry.at.name,
      message: `Traffic to ${describe(entry)} goes direct, so ${describe(first)} has no effect: it needs a waypoint, and none is bound.`,
      related: relatedTo(idle, (name) => `${name} has no effect without a waypoint.`),
      data: {},
    };
  },

  *fixes(_, entry, mesh) {
    const waypoints = waypointsFor(mesh, entry.namespace);
    for (const [i, waypoint] of waypoints.slice(0, 3).entries()) {
      const isPlain = i === 0 && waypoint.namespace === entry.namespace && waypoints[1]?.namespace !== entry.namespace;
      yield {
        title: `Bind to waypoint ${waypoint.namespace}/${waypoint.name}`,
        safety: isPlain ? 'safe' : 'unsafe',
        changes: bindTo(entry, waypoint),
      };
    }
  },
});

/**
 * TLS of a rule for a host of which the Namespace, which could name a waypoint, is in no file. Sidecars and gateways originate it by
 * themselves, and ztunnel does not: so this is told where files show ambient clients. A waypoint beside the entry is `request-bypasses`.
 */
function* unlessNamespaceBinds(mesh: Mesh, entry: Entry): Iterable<RuleFinding<object>> {
  const [captured] = namespacesJoining(mesh, 'ambient');
  if (captured === undefined || waypointBeside(mesh, entry) || !isExternal(entry)) return;
  const ports = entry.spec.ports.filter(
    (port) => protocolKind(port.protocol?.value) !== 'tls' && tlsTargetOf(entry, port),
  );
  const [rule] = entry.spec.hosts.flatMap(({ value }) =>
    isServed(mesh, entry, value) ? [] : rulesWithTls(mesh, value, ports),
  );
  if (!rule || rule.spec.workloadSelector || mesh.virtualServices(entry.spec.hosts[0]?.value ?? '').length > 0) return;
  yield {
    at: entry.at.name,
    message: `Requests from ambient namespaces such as ${captured} to ${describe(entry)} fail unless Namespace ${entry.namespace}, which is not in these files, carries the label ${useWaypoint}: only a sidecar or a waypoint originates the TLS of ${describe(rule)}.`,
    related: relatedTo([rule], (name) => `${name} originates TLS.`),
    severity: 'information',
    data: {},
  };
}

/** `use-waypoint-misplaced` says why there is no waypoint. */
function isLabelMisplaced(mesh: Mesh, entry: Entry): boolean {
  return [entry, ...mesh.named('Namespace', '', entry.namespace)].some(
    ({ labels, annotations }) =>
      annotations.has(useWaypoint) || (labels.has(useWaypointNamespace) && !labels.has(useWaypoint)),
  );
}

/** Routes and TLS are applied by sidecars too, so that they say something in ambient only. */
function idleWithoutWaypoint(mesh: Mesh, entry: Entry): AnyResource[] {
  // A reference to a ServiceEntry is read by waypoints only. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
  const policies = mesh
    .targeting('ServiceEntry', entry.namespace, entry.name)
    .filter(({ kind }) => kind !== 'BackendTLSPolicy');
  if (!isAmbientHere(mesh, entry)) return policies;
  // A route to an egress gateway is `classic-egress-in-ambient`.
  const routes = mesh
    .routesTo('ServiceEntry', entry.namespace, entry.name)
    .filter((route) => !gatewayBehind(mesh, route));
  const idle = [...policies, ...routes];
  // Plaintext that meets a TLS port for want of a waypoint alone is `plaintext-to-tls-port`.
  const isReported = (port: ServiceEntryPort) =>
    idle.length === 0 && isExternal(entry) && tlsTargetOf(entry, port) !== undefined;
  const ports = entry.spec.ports.filter((port) => protocolKind(port.protocol?.value) !== 'tls' && !isReported(port));
  return [
    ...idle,
    ...entry.spec.hosts.flatMap(({ value }) => (isServed(mesh, entry, value) ? [] : rulesWithTls(mesh, value, ports))),
  ];
}

/** Another entry brings the host to a waypoint, so that rules for it have their place. */
function isServed(mesh: Mesh, entry: Entry, host: string): boolean {
  return mesh
    .hostOwners(host)
    .some(
      ({ resource }) =>
        resource.kind === 'ServiceEntry' && resource.id !== entry.id && bindWaypoint(mesh, resource).state === 'bound',
    );
}

function rulesWithTls(mesh: Mesh, host: string, ports: readonly ServiceEntryPort[]): Resource<'DestinationRule'>[] {
  // A rule for all hosts of the mesh is not meant for this one.
  return rulesAnywhere(mesh, host).filter(
    (rule) => rule.spec.host?.value !== '*' && ports.some(({ number }) => number && tlsOfRule(rule, number.value).mode),
  );
}
