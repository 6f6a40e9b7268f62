import { keptFor } from '../../base/kept-for.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { closedBy } from './closed-by.ts';
import { entriesNamed, entryRef } from './narrow.ts';
import { entriesAt, fieldsNamed, waypointsNamed } from './reach.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';

/** Entries that take any Host. */
const spoofable = keptFor(
  (entries: readonly Resource<'ServiceEntry'>[]) =>
    entries.filter(({ spec }) => spec.resolution?.value !== 'DYNAMIC_DNS').length,
);

export const policyHostIsSpoofable = defineRule({
  id: 'policy-host-is-spoofable',
  stage: 'authorization',
  summary: 'Clients can bypass a policy on a waypoint that tells hosts apart by the Host header, which clients choose.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, ...targetingInputs],

  *check(policy, mesh) {
    const waypoints = policy.spec.targetRefs.flatMap((ref) => waypointsNamed(mesh, policy, ref));
    // With one host, no other host can be reached under its name.
    const host =
      waypoints.reduce((sum, waypoint) => sum + spoofable(entriesAt(mesh, waypoint)), 0) < 2
        ? undefined
        : (policy.spec.rules ?? []).flatMap((rule) => fieldsNamed(rule, 'hosts')).flatMap(({ values }) => values)[0];
    // `policy-allows-too-little` reports the hosts that it denies; attaching the policy to its host fixes both.
    if (!host || policy.spec.targetRefs.some((ref) => closedBy(mesh, policy, ref).length > 0)) return;
    // istio@86c9f01 pilot/pkg/networking/core/httproute.go buildWaypointInboundHTTPRouteConfig: the virtual host takes any Host.
    yield {
      at: host.span,
      message: `Clients can get past this check: they choose the Host header, so a call to another host of the waypoint can send ${host.value}.`,
      data: {},
    };
  },

  *fixes(_, policy, mesh) {
    const names = entriesNamed(mesh, policy);
    if (!names) return;
    const targetRefs = names.map(entryRef);
    yield {
      title: `Apply it only to ServiceEntry ${names.join(', ')}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: policy, path: ['spec', 'targetRefs'], value: targetRefs }],
    };
  },
});
