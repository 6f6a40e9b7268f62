// Whether another vendor's proxies stand where a rule speaks of Istio's waypoints: what they do is not known then.
import { eachInSteps } from '../../base/steps.ts';
import { notModelledClass } from '../../mesh/binding/not-modelled.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { ownersCoveredBy } from '../../mesh/hosts/owners-covered-by.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import type { TargetRef } from '../../model/specs.ts';

type Gateway = Resource<'Gateway'>;

/** Whether the resource concerns waypoints, and none of them is Istio's own. A class that is misspelt is probably meant to be Istio's. */
export function isAtOtherProxies(mesh: Mesh, subject: AnyResource): boolean {
  return mesh.derivedOf(`other proxies ${subject.id}`, subject, hasOnlyOthers);
}

function hasOnlyOthers(mesh: Mesh, subject: AnyResource): boolean {
  const gateways = waypointsOf(mesh, subject);
  return gateways.length > 0 && gateways.every((gateway) => isOthers(mesh, gateway));
}

function isOthers(mesh: Mesh, gateway: Gateway): boolean {
  const found = notModelledClass(mesh, gateway);
  return found !== undefined && found.case !== 'mistyped-class';
}

function waypointsOf(mesh: Mesh, subject: AnyResource): readonly Gateway[] {
  switch (subject.kind) {
    case 'Gateway':
      return [subject];
    case 'ServiceEntry':
      return waypointNamedBy(mesh, subject);
    case 'DestinationRule':
      return waypointsForHost(mesh, ruleHost(subject, mesh.settings.clusterDomain));
    case 'VirtualService':
      return subject.spec.hosts.flatMap(({ value }) => waypointsForHost(mesh, value));
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TLSRoute':
    case 'TCPRoute':
      return subject.spec.parentRefs.flatMap((ref) =>
        waypointsAt(mesh, ref.namespace?.value ?? subject.namespace, ref),
      );
    case 'AuthorizationPolicy':
    case 'Telemetry':
      return subject.spec.targetRefs.flatMap((ref) => waypointsAt(mesh, subject.namespace, ref));
    default:
      return [];
  }
}

/** Of a reference to a waypoint, or to what goes through one. */
function waypointsAt(
  mesh: Mesh,
  namespace: string,
  { kind, name }: Pick<TargetRef, 'kind' | 'name'>,
): readonly Gateway[] {
  if (kind?.value === 'Gateway') return mesh.named('Gateway', namespace, name?.value ?? '');
  if (kind?.value !== 'ServiceEntry') return [];
  return mesh.named('ServiceEntry', namespace, name?.value ?? '').flatMap((entry) => waypointNamedBy(mesh, entry));
}

/** All rules and routes for a host ask for them. */
function waypointsForHost(mesh: Mesh, host: string): readonly Gateway[] {
  return mesh.derivedInSteps(`waypoints for ${host}`, function* (view) {
    const found = new Set<Gateway>();
    yield* eachInSteps(ownersCoveredBy(view, host), ({ resource }) => {
      if (resource.kind === 'ServiceEntry') for (const gateway of waypointNamedBy(view, resource)) found.add(gateway);
    });
    return [...found];
  });
}

/** Whether a Gateway of a class that no file describes takes traffic of services is not known; the label says that it should. */
function waypointNamedBy(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly Gateway[] {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state === 'bound') return [binding.gateway];
  const label = binding.state === 'unknown' ? binding.label : undefined;
  return label ? mesh.named('Gateway', label.namespace, label.name) : [];
}
