// How namespaces and pods join the mesh: each combination of labels that decides, as Istio's webhooks, istiod and the CNI decide it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  couldBeAmbient,
  couldHaveSidecars,
  dataPlanesToFollow,
  namespaceDataPlane,
  podDataPlane,
  workloadDataPlane,
  workloadsMode,
  type DataPlane,
  type PodFacts,
} from '../../../server/src/mesh/clients/data-plane.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const namespace = (labels: string, name = 'app') => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
---`;
const workload = (name: string, metadata: string, spec = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: app }
spec: { template: { metadata: { ${metadata} }, spec: { containers: [{ name: a }]${spec} } } }
---`;

const ambient = 'istio.io/dataplane-mode: ambient';
const enabled = 'istio-injection: enabled';
const disabled = 'istio-injection: disabled';
const rev = 'istio.io/rev: canary';

/** `sidecar by namespace istio-injection`, `none not-enrolled`, `unknown manifests-differ: ambient none`. */
function wording(plane: DataPlane): string {
  const because = 'because' in plane ? ` ${plane.because}` : '';
  const by = plane.label ? ` by ${plane.label.on} ${plane.label.name}` : '';
  const possible = plane.mode === 'unknown' ? `: ${plane.possible.map(({ mode }) => mode).join(' ')}` : '';
  return `${plane.mode}${because}${by}${possible}`;
}

const ambientHere = 'ambient by namespace istio.io/dataplane-mode';
const injectedHere = 'sidecar by namespace istio-injection';
const revisionHere = 'sidecar by namespace istio.io/rev';
const either = 'unknown revision-in-ambient by namespace istio.io/rev: ambient sidecar';

for (const [labels, expected] of [
  [[ambient], ambientHere],
  [[''], 'none not-enrolled'],
  [[], 'unknown not-described: '],
  [['istio.io/dataplane-mode: Ambient'], 'none not-enrolled by namespace istio.io/dataplane-mode'],
  [['istio.io/dataplane-mode: none'], 'none not-enrolled by namespace istio.io/dataplane-mode'],
  [[enabled], injectedHere],
  [[disabled], 'none not-enrolled'],
  [['istio-injection: Enabled'], 'none not-enrolled'],
  [['istio-injection: ""'], 'none not-enrolled'],
  [[rev], revisionHere],
  [['istio.io/rev: ""'], 'none not-enrolled'],
  [[`${enabled}, ${rev}`], injectedHere],
  [[`${disabled}, ${rev}`], 'none not-enrolled'],
  [[`${enabled}, ${ambient}`], injectedHere],
  [[`${disabled}, ${ambient}`], ambientHere],
  [[`${rev}, ${ambient}`], either],
  [[`istio.io/rev: "", ${ambient}`], ambientHere],
  [[`${disabled}, ${rev}, ${ambient}`], ambientHere],
  [[`${enabled}, ${rev}, ${ambient}`], injectedHere],
  [[`${rev}, istio.io/dataplane-mode: Ambient`], revisionHere],
  [[ambient, ''], 'unknown manifests-differ by namespace istio.io/dataplane-mode: ambient none'],
  [[ambient, `${ambient}, team: a`], ambientHere],
  [[enabled, rev], injectedHere],
  [['', `${rev}, ${ambient}`], 'unknown manifests-differ by namespace istio.io/rev: ambient sidecar none'],
] as const)
  test(`data plane of a namespace: ${labels.join(' | ') || 'not described'}`, () => {
    const { mesh } = meshFromYaml(labels.map((one) => namespace(one)).join(''));
    assert.equal(wording(namespaceDataPlane(mesh, 'app')), expected);
  });

const inject = (value: string) => ({ 'sidecar.istio.io/inject': value });
const mode = (value: string) => ({ 'istio.io/dataplane-mode': value });
const podRev = { 'istio.io/rev': 'canary' };
const podOptsOut = 'none pod-opts-out by pod istio.io/dataplane-mode';
const podAmbient = 'ambient by pod istio.io/dataplane-mode';
const podInjects = 'sidecar by pod sidecar.istio.io/inject';
const podRevision = 'sidecar by pod istio.io/rev';

for (const [home, labels, expected, more] of [
  // The pod's wish for a sidecar, by what the namespace says.
  ['', inject('true'), podInjects],
  [ambient, inject('true'), podInjects],
  [enabled, inject('true'), injectedHere],
  [disabled, inject('true'), 'none not-enrolled'],
  [`${disabled}, ${ambient}`, inject('true'), ambientHere],
  [rev, inject('true'), revisionHere],
  [`${rev}, ${ambient}`, inject('true'), revisionHere],
  [undefined, inject('true'), podInjects],
  // Its wish for none.
  [enabled, inject('false'), 'none not-enrolled'],
  [rev, inject('false'), 'none not-enrolled'],
  ['', { ...podRev, ...inject('false') }, 'none not-enrolled'],
  [`${enabled}, ${ambient}`, inject('false'), ambientHere],
  [`${rev}, ${ambient}`, inject('false'), ambientHere],
  [undefined, inject('false'), 'unknown not-described: '],
  // What is neither asks for nothing.
  ['', inject('yes'), 'none not-enrolled'],
  [enabled, inject('yes'), injectedHere],
  [`${rev}, ${ambient}`, inject('yes'), either],
  // Its revision.
  ['', podRev, podRevision],
  [ambient, podRev, podRevision],
  [enabled, podRev, injectedHere],
  [disabled, podRev, 'none not-enrolled'],
  [rev, podRev, revisionHere],
  ['', { ...podRev, ...inject('true') }, podRevision],
  ['', { 'istio.io/rev': '', ...inject('true') }, 'none not-enrolled'],
  [undefined, podRev, podRevision],
  // Its data plane mode.
  ['', mode('ambient'), podAmbient],
  [ambient, mode('none'), podOptsOut],
  [ambient, mode('None'), ambientHere],
  [ambient, mode('ambient'), podAmbient],
  [enabled, mode('ambient'), injectedHere],
  [`${enabled}, ${ambient}`, mode('none'), injectedHere],
  [`${rev}, ${ambient}`, mode('none'), revisionHere],
  [rev, mode('ambient'), either],
  [undefined, mode('ambient'), podAmbient],
  [undefined, mode('none'), podOptsOut],
  ['', { ...mode('ambient'), ...inject('true') }, podInjects],
  // Annotations: they keep a sidecar away, and cannot ask for one where no label does.
  [enabled, {}, 'none not-enrolled', { annotations: inject('false') }],
  [enabled, inject('true'), injectedHere, { annotations: inject('false') }],
  ['', {}, 'none not-enrolled', { annotations: inject('true') }],
  [`${rev}, ${ambient}`, {}, revisionHere, { annotations: inject('true') }],
  [ambient, {}, 'sidecar by pod sidecar.istio.io/status', { annotations: { 'sidecar.istio.io/status': '{}' } }],
  // Templates.
  [
    '',
    inject('true'),
    'none gateway-template by pod sidecar.istio.io/inject',
    { annotations: { 'inject.istio.io/templates': 'gateway' } },
  ],
  [
    ambient,
    inject('true'),
    'none gateway-template by pod sidecar.istio.io/inject',
    { annotations: { 'inject.istio.io/templates': 'gateway' } },
  ],
  [ambient, {}, ambientHere, { annotations: { 'inject.istio.io/templates': 'gateway' } }],
  [
    enabled,
    {},
    'none gateway-template by namespace istio-injection',
    { annotations: { 'inject.istio.io/templates': 'grpc-agent' } },
  ],
  [enabled, {}, injectedHere, { annotations: { 'inject.istio.io/templates': 'sidecar, spire' } }],
  [
    enabled,
    {},
    'unknown custom-template by namespace istio-injection: sidecar none',
    { annotations: { 'inject.istio.io/templates': 'spire' } },
  ],
  // The node's network.
  [ambient, {}, 'none host-network', { hostNetwork: true }],
  [enabled, inject('true'), 'none host-network', { hostNetwork: true }],
  [undefined, {}, 'none host-network', { hostNetwork: true }],
] as readonly (readonly [
  string | undefined,
  Readonly<Record<string, string>>,
  string,
  { annotations?: Readonly<Record<string, string>>; hostNetwork?: boolean }?,
])[])
  test(`data plane of a pod: ${JSON.stringify({ ...labels, ...more })} in ${home ?? 'a namespace not described'}`, () => {
    const pod: PodFacts = {
      labels: new Map(Object.entries(labels)),
      annotations: new Map(Object.entries(more?.annotations ?? {})),
      hostNetwork: more?.hostNetwork ?? false,
    };
    const { mesh } = meshFromYaml(home === undefined ? '' : namespace(home));
    assert.equal(wording(podDataPlane(mesh, 'app', pod)), expected);
  });

for (const [name, labels, expected] of [
  ['kube-system', ambient, 'none system-namespace'],
  ['kube-system', enabled, 'none system-namespace'],
  ['kube-public', enabled, 'none not-enrolled'],
  ['kube-public', `${enabled}, ${ambient}`, ambientHere],
  ['istio-system', enabled, injectedHere],
] as const)
  test(`data plane of ${name}: ${labels}`, () =>
    assert.equal(wording(namespaceDataPlane(meshFromYaml(namespace(labels, name)).mesh, name)), expected));

test('a label has its place: on the namespace, on the template, else on the name of what lacks it', () => {
  const { mesh, find } = meshFromYaml(
    namespace(ambient) + namespace('', 'bare') + workload('curl', 'labels: { sidecar.istio.io/inject: "true" }'),
  );
  const home = find('Namespace', 'app');
  const curl = find('Workload', 'curl');
  assert.deepEqual(namespaceDataPlane(mesh, 'app').at, {
    resource: home,
    span: home.labels.get('istio.io/dataplane-mode')?.span,
  });
  assert.deepEqual(workloadDataPlane(mesh, curl).at, {
    resource: curl,
    span: curl.spec.labels.get('sidecar.istio.io/inject')?.span,
  });
  const bare = find('Namespace', 'bare');
  assert.deepEqual(namespaceDataPlane(mesh, 'bare').at, { resource: bare, span: bare.at.name });
});

for (const [title, text, mode, sidecars, ambientToo] of [
  ['none shown', namespace(enabled), 'unknown', true, false],
  ['as the namespace says', namespace(enabled) + workload('a', ''), 'sidecar', true, false],
  [
    'one opts out',
    namespace(enabled) + workload('a', '') + workload('b', 'labels: { sidecar.istio.io/inject: "false" }'),
    'unknown',
    true,
    false,
  ],
  [
    'one asks for a sidecar',
    namespace(ambient) + workload('a', 'labels: { sidecar.istio.io/inject: "true" }'),
    'sidecar',
    true,
    true,
  ],
  ["in the node's network", namespace(ambient) + workload('a', '', ', hostNetwork: true'), 'none', false, true],
  ['in a namespace not described', workload('a', ''), 'unknown', false, false],
  ['injection that is off, and a revision', namespace(`${disabled}, ${rev}`) + workload('a', ''), 'none', false, false],
  ['a revision in an ambient namespace', namespace(`${rev}, ${ambient}`) + workload('a', ''), 'unknown', true, true],
] as const)
  test(`data plane of workloads: ${title}`, () => {
    const { mesh } = meshFromYaml(text);
    assert.deepEqual(
      [workloadsMode(mesh, 'app'), couldHaveSidecars(mesh, 'app'), couldBeAmbient(mesh, 'app')],
      [mode, sidecars, ambientToo],
    );
  });

test('a client that no file describes is assumed to be captured, by no label', () => {
  const follow = (text: string) => dataPlanesToFollow(namespaceDataPlane(meshFromYaml(text).mesh, 'app')).map(wording);
  assert.deepEqual(follow(''), ['ambient']);
  assert.deepEqual(follow(namespace(ambient)), [ambientHere]);
  assert.deepEqual(follow(namespace(`${rev}, ${ambient}`)), [ambientHere, revisionHere]);
});
