// Evidence that a policy without targetRefs is intended for a waypoint. Policies for pods look the same, so only strong evidence counts.
import type { Span } from '../../base/span.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import { gatewayName, oldGatewayName } from '../../model/label-names.ts';

type Policy = Resource<'AuthorizationPolicy'>;
type Entry = Resource<'ServiceEntry'>;

export interface EgressIntent {
  readonly at: Span;
  readonly gateway?: Resource<'Gateway'>;
  readonly entries: readonly Entry[];
  /** The sign, as a clause that continues with "but". */
  readonly sign: string;
}

export function egressIntent(policy: Policy, mesh: Mesh): EgressIntent | undefined {
  return policy.spec.selector ? bySelector(policy, mesh) : (byHosts(policy, mesh) ?? byNamespace(policy, mesh));
}

export function waypointsIn(mesh: Mesh, namespace: string): readonly Resource<'Gateway'>[] {
  return mesh.inNamespace('Gateway', namespace).filter((gateway) => isWaypointClass(gateway, mesh.settings) === true);
}

/** It selects the pods of a waypoint. Any other selector is for pods that it guards. */
function bySelector({ name, namespace, spec }: Policy, mesh: Mesh): EgressIntent | undefined {
  const labels = spec.selector?.matchLabels;
  const picked = labels?.get(gatewayName) ?? labels?.get(oldGatewayName);
  const gateway =
    picked === undefined ? undefined : waypointsIn(mesh, namespace).find((waypoint) => waypoint.name === picked);
  return (
    gateway &&
    spec.selector && {
      at: spec.selector.key,
      gateway,
      entries: [],
      sign: `AuthorizationPolicy ${name} selects the pods of waypoint ${gateway.name}`,
    }
  );
}

/** Its rules name hosts that are reached through a waypoint. */
function byHosts({ name, spec }: Policy, mesh: Mesh): EgressIntent | undefined {
  for (const host of spec.rules?.flatMap(hostsNamed) ?? []) {
    const entries = mesh
      .hostOwners(host.value.replace(/:[\d*]+$/, ''))
      .flatMap(({ resource }) => (resource.kind === 'ServiceEntry' && isBound(mesh, resource) ? [resource] : []));
    if (entries.length > 0) return { at: host.span, entries, sign: `AuthorizationPolicy ${name} names ${host.value}` };
  }
  return undefined;
}

/** It is in a namespace with egress hosts and without workloads that it could protect. */
function byNamespace({ at, name, namespace, spec }: Policy, mesh: Mesh): EgressIntent | undefined {
  if (!spec.rules || namespace === mesh.settings.rootNamespace || admitsWaypointsOnly(spec.rules, mesh))
    return undefined;
  const entries = mesh.inNamespace('ServiceEntry', namespace).filter((entry) => isBound(mesh, entry));
  const others = (['Service', 'Pod', 'Workload'] as const).some((kind) => mesh.inNamespace(kind, namespace).length > 0);
  if (entries.length === 0 || others) return undefined;
  return {
    at: at.spec,
    entries,
    sign: `AuthorizationPolicy ${name} is in namespace ${namespace}, which has egress hosts and no workloads`,
  };
}

function isBound(mesh: Mesh, entry: Entry): boolean {
  return bindWaypoint(mesh, entry).state === 'bound';
}

/** By `hosts` and by `connection.sni`. */
export function hostsNamed({
  to,
  when,
}: AuthorizationRule): readonly { readonly value: string; readonly span: Span }[] {
  const hosts = to.flatMap(({ fields }) =>
    fields.filter(({ name }) => name === 'hosts').flatMap(({ values }) => values),
  );
  return [...hosts, ...when.filter(({ key }) => key?.value === 'connection.sni').flatMap(({ values }) => values)];
}

/** Istio's documentation uses such a policy next to a waypoint, so that pods reject traffic that skips the waypoint. */
function admitsWaypointsOnly(rules: readonly AuthorizationRule[], mesh: Mesh): boolean {
  const principals = rules.flatMap(({ from }) =>
    from.flatMap(({ fields }) => fields.filter(({ name }) => name === 'principals').flatMap(({ values }) => values)),
  );
  return (
    principals.length > 0 &&
    principals.every(({ value }) => {
      const [, namespace = '', account = ''] = /\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(value) ?? [];
      return mesh.named('Gateway', namespace, account).length > 0;
    })
  );
}
