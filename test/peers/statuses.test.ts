// Statuses that a real istiod writes, against what the mesh says from the same manifests: one cluster with ten small meshes in it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fieldConditions, whenCondition } from '../../server/src/eval/authz/conditions.ts';
import { actionOf } from '../../server/src/eval/authz/evaluate.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import { bindWaypoint } from '../../server/src/mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../server/src/model/resource.ts';
import type { TargetRef } from '../../server/src/model/specs.ts';
import { meshFromYaml } from '../kit/mesh-from-yaml.ts';
import { peers, startCluster, type Cluster } from '../kit/peers.ts';

const found = peers();

interface Options {
  readonly labels?: string;
  readonly policy?: string;
  readonly gateway?: string | null;
  readonly space?: string;
}

/** A namespace with a waypoint, an entry and a policy, each as wanted. */
function meshOf(
  name: string,
  { labels = '', policy = 'rules: [{}]', gateway = '', space = 'istio.io/use-waypoint: gate' }: Options,
): string {
  const target = /targetRefs|selector|nothing/.test(policy)
    ? policy.replace('nothing, ', '')
    : `targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: entry }], ${policy}`;
  return [
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${space} } }`,
    ...(gateway === null
      ? []
      : [
          `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: gate, namespace: ${name}${gateway.startsWith('for=') ? `, labels: { istio.io/waypoint-for: ${gateway.slice(4)} }` : ''} }\nspec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE${gateway === 'open' ? ', allowedRoutes: { namespaces: { from: All } }' : ''} }] }`,
        ]),
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: entry, namespace: ${name}, labels: { ${labels} } }\nspec: { hosts: [${name}.example.com], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }`,
    `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: policy, namespace: ${name} }\nspec: { ${target} }`,
  ].join('\n---\n');
}

const gateRef = '{ group: gateway.networking.k8s.io, kind: Gateway, name: gate }';
const entryRef = '{ group: networking.istio.io, kind: ServiceEntry, name: entry }';
const badRef = '{ group: networking.istio.io, kind: ServiceEntry, name: other }';
const meshes: Readonly<Record<string, Options>> = {
  bound: {},
  missing: { gateway: null },
  workloads: { gateway: 'for=workload' },
  denied: {
    gateway: null,
    space: 'team: blue',
    labels: 'istio.io/use-waypoint: gate, istio.io/use-waypoint-namespace: bound',
  },
  open: { gateway: 'open', policy: `targetRefs: [${gateRef}], rules: [{}]` },
  admitted: { gateway: null, space: 'istio.io/use-waypoint: gate, istio.io/use-waypoint-namespace: open' },
  out: { labels: 'istio.io/use-waypoint: none' },
  astray: { policy: `targetRefs: [${badRef}], rules: [{}]` },
  partly: { policy: `targetRefs: [${entryRef}, ${badRef}], rules: [{}]` },
  untargeted: { policy: 'nothing, rules: [{ to: [{ operation: { methods: [GET] } }] }]' },
  selected: { policy: 'selector: { matchLabels: { app: x } }, rules: [{ from: [{ source: { namespaces: [out] } }] }]' },
  audited: { policy: 'nothing, action: AUDIT, rules: [{}]' },
};
const text = Object.entries(meshes)
  .map(([name, options]) => meshOf(name, options))
  .join('\n---\n');

describe('statuses of a real control plane', { skip: found.available ? false : found.why, timeout: 200_000 }, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ pods: true });
    await cluster.kubectl(['apply', '-f', '-'], text);
  });
  after(() => cluster?.stop());

  test('WaypointBound, WaypointAccepted and ZtunnelAccepted are what the mesh says', async () => {
    const expected = ours();
    let theirs = await statuses(cluster);
    for (const end = Date.now() + 90_000; JSON.stringify(theirs) !== JSON.stringify(expected) && Date.now() < end; ) {
      await sleep(500);
      theirs = await statuses(cluster);
    }
    assert.deepEqual(theirs, expected);
  });
});

type Statuses = Readonly<Record<string, string>>;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}
interface Item {
  readonly kind: string;
  readonly metadata: { readonly namespace: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** `TYPE STATUS REASON` by namespace and kind; only the three that are compared. */
async function statuses(cluster: Cluster): Promise<Statuses> {
  const { items } = JSON.parse(
    await cluster.kubectl(['get', 'serviceentries,authorizationpolicies', '-A', '-o', 'json']),
  ) as { readonly items: readonly Item[] };
  return sorted(
    items.map(({ kind, metadata, status }): [string, string] => {
      const said = (status?.conditions ?? []).filter(({ type }) =>
        /WaypointBound|WaypointAccepted|ZtunnelAccepted/.test(type),
      );
      return [
        `${metadata.namespace} ${kind}`,
        said
          .map((one) => `${one.type.replace('istio.io/', '')} ${one.status} ${one.reason}`)
          .sort()
          .join(', '),
      ];
    }),
  );
}

function sorted(entries: readonly [string, string][]): Statuses {
  return Object.fromEntries([...entries].sort(([a], [b]) => a.localeCompare(b)));
}

function ours(): Statuses {
  const { mesh, resources } = meshFromYaml(text);
  return sorted(
    resources.flatMap((one): [string, string][] => {
      if (one.kind === 'ServiceEntry') return [[`${one.namespace} ServiceEntry`, boundStatus(mesh, one)]];
      return one.kind === 'AuthorizationPolicy'
        ? [[`${one.namespace} AuthorizationPolicy`, policyStatus(mesh, one)]]
        : [];
    }),
  );
}

const reasons: Readonly<Record<string, string>> = {
  missing: 'WaypointIsNotReady',
  'attachment-denied': 'AttachmentDenied',
  'traffic-type': 'UnsupportedTrafficType',
};

function boundStatus(mesh: Mesh, entry: Resource<'ServiceEntry'>): string {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state === 'bound') return 'WaypointBound True WaypointAccepted';
  return binding.state === 'unusable' ? `WaypointBound False ${reasons[binding.reason]}` : '';
}

function policyStatus(mesh: Mesh, policy: Resource<'AuthorizationPolicy'>): string {
  const { targetRefs } = policy.spec;
  if (targetRefs.length === 0) return `ZtunnelAccepted ${ztunnelStatus(policy)}`;
  const each = targetRefs.map((ref) => targetStatus(mesh, policy.namespace, ref));
  if (each.every((one) => one === 'Accepted')) return 'WaypointAccepted True Accepted';
  return each.includes('Accepted') ? 'WaypointAccepted True PartiallyInvalid' : `WaypointAccepted False ${each[0]}`;
}

function targetStatus(mesh: Mesh, namespace: string, { kind, name }: TargetRef): string {
  if (kind?.value === 'Gateway')
    return mesh.named('Gateway', namespace, name!.value).length > 0 ? 'Accepted' : 'TargetNotFound';
  const [entry] = mesh.named('ServiceEntry', namespace, name!.value);
  if (!entry) return 'TargetNotFound';
  return bindWaypoint(mesh, entry).state === 'bound' ? 'Accepted' : 'AncestorNotBound';
}

/** An action that ztunnel does not know leaves the whole policy out; conditions of HTTP only change what it matches. */
function ztunnelStatus(policy: Resource<'AuthorizationPolicy'>): string {
  const http = (policy.spec.rules ?? []).some(
    ({ from, to, when }) =>
      [...from, ...to].some(({ fields }) => fields.some(({ name }) => fieldConditions[name]?.http)) ||
      when.some(({ key }) => key && whenCondition(key.value)?.http),
  );
  if (['AUDIT', 'CUSTOM'].includes(actionOf(policy))) return 'False UnsupportedValue';
  return http ? 'True UnsupportedValue' : 'True Accepted';
}
