import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { closedBy } from './closed-by.ts';
import { entriesAt, fieldsNamed, reachInputs, waypointsNamed } from './reach.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export const policyHostIsSpoofable = defineRule({
  id: 'policy-host-is-spoofable',
  stage: 'authorization',
  summary: 'A policy on a waypoint tells hosts apart by the Host header, which clients choose.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...reachInputs, 'AuthorizationPolicy', 'Telemetry', 'BackendTLSPolicy'],

  *check(policy, mesh) {
    const waypoints = policy.spec.targetRefs.flatMap((ref) => waypointsNamed(mesh, policy, ref));
    // With one host there is no other to reach under its name.
    const entries = waypoints.flatMap((waypoint) => entriesAt(mesh, waypoint)).filter(({ spec }) => spec.resolution?.value !== 'DYNAMIC_DNS');
    const host = entries.length < 2 ? undefined : (policy.spec.rules ?? []).flatMap((rule) => fieldsNamed(rule, 'hosts')).flatMap(({ values }) => values)[0];
    // What it closes is told by `policy-allows-too-little`, and moving it to its host ends both.
    if (!host || policy.spec.targetRefs.some((ref) => closedBy(mesh, policy, ref).length > 0)) return;
    // istio@86c9f01 pilot/pkg/networking/core/httproute.go buildWaypointInboundHTTPRouteConfig: the virtual host takes any Host.
    yield { at: host.span, message: `Clients choose the Host header: a call to another host of the waypoint can name ${host.value}.`, data: {} };
  },

  *fixes(_, policy, mesh) {
    const names = ownersOf(mesh, policy);
    if (!names) return;
    const targetRefs = names.map((name) => ({ group: 'networking.istio.io', kind: 'ServiceEntry', name }));
    yield { title: `Apply it to ServiceEntry ${names.join(', ')} only`, safety: 'unsafe', changes: [{ op: 'set', in: policy, path: ['spec', 'targetRefs'], value: targetRefs }] };
  },
});

/** Only where every rule names hosts, each of an entry in the policy's namespace. */
function ownersOf(mesh: Mesh, policy: Policy): readonly string[] | undefined {
  const rules = policy.spec.rules ?? [];
  if (policy.spec.targetRefs.length !== 1 || policy.spec.targetRefs[0]?.singular) return undefined;
  if (!rules.every((rule) => fieldsNamed(rule, 'hosts').length > 0 && fieldsNamed(rule, 'hosts').length === rule.to.length)) return undefined;
  const hosts = rules.flatMap((rule) => fieldsNamed(rule, 'hosts')).flatMap(({ values }) => values.map(({ value }) => value.replace(/:[\d*]+$/, '')));
  const owners = hosts.map((host) => mesh.hostOwners(host.toLowerCase()).find(({ resource }) => resource.kind === 'ServiceEntry' && resource.namespace === policy.namespace)?.resource.name);
  const names = [...new Set(owners)];
  return names.every((name) => name !== undefined) && names.length === 1 ? names : undefined;
}
