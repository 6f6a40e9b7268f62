import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { NetworkPolicyRule } from '../../model/specs.ts';

type Policy = Resource<'NetworkPolicy'>;

/** Whether NetworkPolicies of the files keep pods of the namespace from connecting to the internet. */
export function limitsEgress(mesh: Mesh, namespace: string): boolean {
  return isForEgress(mesh, namespace).length > 0 && opensInternet(mesh, namespace) === undefined;
}

/** A NetworkPolicy by which all pods of the namespace may connect to any address. Policies add up: no other one takes it back. */
export function opensInternet(mesh: Mesh, namespace: string): Policy | undefined {
  return isForEgress(mesh, namespace).find(
    ({ spec }) => isForAll(spec.podSelector) && (spec.egress ?? []).some(leadsAnywhere),
  );
}

function isForEgress(mesh: Mesh, namespace: string): readonly Policy[] {
  return mesh
    .inNamespace('NetworkPolicy', namespace)
    .filter(({ spec }) => spec.policyTypes.includes('Egress') || spec.egress !== undefined);
}

function isForAll(selector: Policy['spec']['podSelector']): boolean {
  return selector === undefined || (selector.matchLabels.size === 0 && selector.matchExpressions.length === 0);
}

/** For more than DNS and the tunnel to a waypoint. */
function leadsAnywhere({ peers = [], ports }: NetworkPolicyRule): boolean {
  const isAnywhere = peers.length === 0 || peers.some(({ cidr }) => cidr === '0.0.0.0/0' || cidr === '::/0');
  return isAnywhere && (ports === undefined || ports.some(({ port }) => port === undefined || !inside.has(port)));
}

const inside: ReadonlySet<number | string> = new Set([53, 15008, 'dns', 'dns-tcp', 'hbone']);
