import { describe } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { blocksHbone, misaimed } from '../../mesh/clients/hbone-policies.ts';
import {
  blockOfPods,
  hbone,
  hboneBlockedIn,
  istiod,
  opensPort,
  podsOfWaypoint,
  type Direction,
  type PodBlock,
} from '../../mesh/clients/pod-policies.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { allowWaypoint } from '../shared/written-manifests.ts';
import { gatewayName } from '../../model/label-names.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';

type Data =
  | { readonly direction: Direction }
  | { readonly rule: number; readonly peer: number; readonly waypoint: string }
  | { readonly pods: string };

export const networkPolicyBlocksHbone = defineRule({
  id: 'network-policy-blocks-hbone',
  stage: 'leak',
  summary:
    'A NetworkPolicy blocks the traffic of ambient pods or of a waypoint: none allows port 15008, which the mesh uses, or only for other pods than those of the waypoint.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['NetworkPolicy'],
  inputs: ['NetworkPolicy', 'Namespace', 'Gateway'],

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    yield* atWaypoints(policy, mesh);
    if (!couldBeAmbient(mesh, policy.namespace)) return;
    for (const direction of ['ingress', 'egress'] as const) {
      if (!blocksHbone(mesh, policy, direction)) continue;
      yield {
        at: policy.at.name,
        message: `Traffic between ambient pods and waypoints is blocked: ${describe(policy)} does not allow port ${hbone} ${direction === 'ingress' ? 'in' : 'out'}.`,
        data: { direction },
      };
    }
    for (const { rule, peer, waypoints } of misaimed(mesh, policy)) {
      const [waypoint] = waypoints;
      yield {
        at: policy.spec.egress![rule]!.peers![peer]!.span,
        message: `Connections to ${describe(waypoint!)} are blocked: its pods do not have these labels, but ${gatewayName}: ${waypoint!.name}.`,
        related: relatedTo(waypoints, (name) => `These are not the labels of the pods of ${name}.`),
        data: { rule, peer, waypoint: waypoint!.name },
      };
    }
  },

  *fixes(data, policy) {
    if ('pods' in data) {
      yield {
        title: `Allow the traffic of ${data.pods} (NetworkPolicy)`,
        safety: 'unsafe',
        changes: [
          {
            op: 'create-file',
            beside: policy,
            fileName: `${data.pods}-traffic.yaml`,
            manifest: allowWaypoint(data.pods, policy.namespace),
          },
        ],
      };
      return;
    }
    if ('waypoint' in data) {
      yield {
        title: `Allow the pods of ${data.waypoint}`,
        safety: 'unsafe',
        changes: [
          {
            op: 'set',
            in: policy,
            path: ['spec', 'egress', data.rule, 'to', data.peer, 'podSelector'],
            value: { matchLabels: { [gatewayName]: data.waypoint } },
          },
        ],
      };
      return;
    }
    const { direction } = data;
    const title = direction === 'ingress' ? `Allow port ${hbone} in` : `Allow port ${hbone} out`;
    yield {
      title,
      safety: 'unsafe',
      changes: [
        { op: 'append', in: policy, path: ['spec', direction], value: { ports: [{ protocol: 'TCP', port: hbone }] } },
      ],
    };
  },
});

type Policy = AnyResource<'NetworkPolicy'>;

/** Waypoints whose pods it selects, while none that selects them allows what each waypoint needs. */
function* atWaypoints(policy: Policy, mesh: Mesh): Iterable<RuleFinding<Data>> {
  for (const waypoint of mesh.inNamespace('Gateway', policy.namespace)) {
    if (isWaypointClass(waypoint, mesh.settings) !== true) continue;
    const into = hboneBlockedIn(mesh, waypoint);
    const out = blockOfPods(mesh, podsOfWaypoint(waypoint), 'egress', (rule) => opensPort(rule, istiod));
    const isIn = into?.policy.id === policy.id && !blocksHbone(mesh, policy, 'ingress');
    const lacking = [
      ...(isIn ? [{ block: into, text: `port ${hbone} in, which clients use` }] : []),
      ...(out?.policy.id === policy.id ? [{ block: out, text: `port ${istiod} out, to istiod` }] : []),
    ];
    if (lacking.length === 0) continue;
    const isSure = lacking.some(({ block }) => block.isSure);
    const effect = isIn ? 'takes no connections' : 'gets no configuration';
    const needs = lacking.map(({ text }) => text).join(', or ');
    yield {
      at: policy.at.name,
      message: isSure
        ? `${describe(waypoint)} ${effect}: ${describe(policy)} selects its pods, and no NetworkPolicy that selects them allows ${needs}.`
        : `${describe(waypoint)} ${effect} unless the cluster has another NetworkPolicy for its pods: ${describe(policy)} selects them, and none in these files allows ${needs}.`,
      ...(isSure ? {} : { severity: 'information' }),
      related: lacking.flatMap(({ block }) => othersOf(block, waypoint)),
      data: { pods: waypoint.name },
    };
  }
}

function othersOf({ forOthers }: PodBlock, { name }: Resource<'Gateway'>): ReturnType<typeof relatedTo> {
  return relatedTo(
    forOthers,
    () => `This one allows it, but not for these pods, which have the label ${gatewayName}: ${name}.`,
  );
}
