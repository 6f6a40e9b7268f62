// Which rule, and why not the others. That the choice is Istio's is shown by the golden meshes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destinationRuleFor, skippedRules } from '../../../server/src/mesh/destination-rules/destination-rule-for.ts';
import { meshFromYaml, type MeshOptions, waypointForAll } from '../../kit/mesh-from-yaml.ts';

const simple = '{ tls: { mode: SIMPLE } }';
const pool = '{ connectionPool: { tcp: { maxConnections: 7 } } }';
const rule = (name: string, namespace: string, { host = 'httpbin.org', policy = simple, extra = '' } = {}) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${namespace} }
spec: { host: "${host}"${policy ? `, trafficPolicy: ${policy}` : ''}${extra} }
---`;
const entry = (extra = '', label = 'istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: team, labels: { ${label} } }
spec: { hosts: [httpbin.org]${extra} }
---
${waypointForAll}`;
const selector = ', workloadSelector: { matchLabels: { app: a } }';

/** `state: chosen | other reason[ by shadow]`. */
function choose(files: string, options: MeshOptions = {}): string {
  const { mesh, find } = meshFromYaml(files, options);
  const entryOfHost = find('ServiceEntry', 'httpbin');
  const choice = destinationRuleFor(mesh, entryOfHost, 'httpbin.org');
  const candidates = choice.state === 'undetermined' ? choice.candidates : [];
  const chosen = choice.state === 'selected' ? [choice.rule] : candidates;
  const others = skippedRules(mesh, entryOfHost, 'httpbin.org').map(
    ({ rule: other, passedOver, by }) => `${other.name} ${passedOver}${by ? ` by ${by.name}` : ''}`,
  );
  return `${choice.state}: ${[chosen.map(({ name }) => name).join(', '), ...others].join(' | ')}`;
}

for (const [title, files, expected] of [
  [
    "§3.1 the waypoint's namespace first",
    entry() + rule('a', 'egress') + rule('b', 'team'),
    'selected: a | b shadowed by a',
  ],
  ["§3.2 a client's namespace is never visited", entry() + rule('a', 'client'), 'none:  | a other-namespace'],
  [
    '§3.2 nor is it beside one that is',
    entry() + rule('a', 'client') + rule('b', 'team'),
    'selected: b | a other-namespace',
  ],
  [
    '§3.4 a wide rule shadows',
    entry() + rule('wide', 'egress', { host: '*', policy: pool }) + rule('exact', 'team'),
    'selected: wide | exact shadowed by wide',
  ],
  [
    '§3.3 a longer host in one namespace',
    entry() + rule('org', 'team', { host: '*.org' }) + rule('exact', 'team'),
    'selected: exact | org shadowed by exact',
  ],
  [
    '§3.7 a selector stops the search',
    entry() + rule('sel', 'egress', { extra: selector }) + rule('b', 'team'),
    'none:  | sel workload-selector | b shadowed by sel',
  ],
  [
    '§3.7 a selector elsewhere is passed over',
    entry() + rule('sel', 'team', { extra: selector }) + rule('b', 'istio-system'),
    'selected: b | sel workload-selector',
  ],
  [
    '§3.7 §3.9 a selector swallows a private rule',
    entry() + rule('sel', 'egress', { extra: selector }) + rule('b', 'egress', { extra: ', exportTo: ["."]' }),
    'none:  | sel workload-selector | b shadowed by sel',
  ],
  ['§3.8 a private rule', entry() + rule('a', 'team', { extra: ', exportTo: ["."]' }), 'none:  | a not-exported'],
  [
    '§3.8 a hidden rule hides a wider one',
    entry() + rule('a', 'team', { extra: ', exportTo: [client]' }) + rule('org', 'team', { host: '*.org' }),
    'none:  | a not-exported | org shadowed by a',
  ],
  [
    '§3.9 two rules that differ',
    entry() + rule('a', 'team') + rule('b', 'team', { policy: pool }),
    'undetermined: a, b',
  ],
  [
    '§3.9 two rules with the same TLS',
    entry() + rule('a', 'team') + rule('b', 'team'),
    'selected: a | b merged-away by a',
  ],
  [
    '§3.9 one of two has no trafficPolicy',
    entry() + rule('a', 'team', { policy: '' }) + rule('b', 'team'),
    'selected: b | a merged-away by b',
  ],
  [
    '§3.9 three rules, of which two could win',
    entry() + rule('a', 'team') + rule('b', 'team', { policy: pool }) + rule('c', 'team', { policy: '' }),
    'undetermined: a, b | c merged-away by a',
  ],
  [
    '§3.10 different exports that differ in TLS',
    entry() +
      rule('a', 'team', { extra: ', exportTo: ["*"]' }) +
      rule('b', 'team', { policy: pool, extra: ', exportTo: [egress]' }),
    'undetermined: a, b',
  ],
  [
    '§3.10 the one that exports to less wins at any age',
    entry() +
      rule('a', 'team', { extra: ', exportTo: [egress, client]' }) +
      rule('b', 'team', { policy: pool, extra: ', exportTo: [egress]' }),
    'selected: b | a merged-away by b',
  ],
  [
    '§3.10 age decides whether the rule is seen',
    entry() +
      rule('a', 'team', { extra: ', exportTo: [client, egress]' }) +
      rule('b', 'team', { extra: ', exportTo: [client]' }),
    'unknown: ',
  ],
  [
    '§3.6 an entry that the waypoint does not see',
    entry(', exportTo: ["."]') + rule('a', 'team'),
    'none:  | a entry-not-exported',
  ],
  [
    '§3.2 an entry without a waypoint',
    entry('', 'istio.io/use-waypoint: none') + rule('a', 'client') + rule('org', 'team', { host: '*.org' }),
    'none:  | a no-waypoint | org no-waypoint',
  ],
  [
    '§1.23 an entry with a waypoint that is not there',
    entry('', 'istio.io/use-waypoint: gone') + rule('a', 'team'),
    'none:  | a no-waypoint',
  ],
  ['§1.4 an entry whose Namespace is not described', entry('', '') + rule('a', 'team'), 'unknown: '],
  ['no rule at all', entry(), 'none: '],
] as const)
  test(title, () => assert.equal(choose(files), expected));

test('more rules for one host than are tried in every order: each with a policy could win', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  assert.equal(
    choose(
      entry() +
        names
          .map((name, i) =>
            rule(name, 'team', { policy: i === 0 ? '' : `{ tls: { mode: SIMPLE, sni: ${name}.org } }` }),
          )
          .join(''),
    ),
    'undetermined: b, c, d, e, f, g | a merged-away by b',
  );
  assert.equal(choose(entry() + names.map((name) => rule(name, 'team')).join('')).split(' |')[0], 'selected: a');
});

test('rules that no source shows: what was found exactly stands, anything else is open', () => {
  const template =
    '\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: "{{ .Release.Name }}" }\nspec: { host: x.org }';
  assert.equal(choose(entry() + rule('a', 'egress') + template), 'selected: a');
  assert.equal(choose(entry() + rule('a', 'egress', { host: '*.org' }) + template), 'unknown: ');
  assert.equal(choose(entry() + rule('a', 'team') + template), 'unknown: ');
  assert.equal(choose(entry() + rule('a', 'egress'), { completeKinds: [] }), 'selected: a');
  assert.equal(choose(entry() + rule('a', 'team'), { completeKinds: [] }), 'unknown: ');
});

test('§2.33 two entries in two namespaces: where rules are looked for is open', () => {
  const other =
    entry('', 'istio.io/use-waypoint: none').split('---')[0]!.replace('namespace: team', 'namespace: other') + '---';
  assert.equal(
    choose(entry() + other + rule('a', 'team') + rule('b', 'other')).split(' |')[0],
    'selected: a',
    'the same TLS from both',
  );
  assert.equal(
    choose(entry() + other + rule('a', 'team') + rule('b', 'other', { policy: pool })),
    'undetermined: a, b',
  );
  assert.equal(choose(entry() + other + rule('a', 'team')), 'unknown: ');
  assert.equal(choose(entry() + other + rule('a', 'egress')), 'selected: a');
});

test("§2.40 the mesh's default for exportTo", () => {
  const files = entry() + rule('a', 'team');
  assert.equal(choose(files, { settings: { defaultDestinationRuleExportTo: ['.'] } }), 'none:  | a not-exported');
  assert.equal(choose(files, { settings: { defaultServiceExportTo: ['.'] } }), 'none:  | a entry-not-exported');
  assert.equal(choose(files, { settings: { defaultServiceExportTo: ['~'] } }), 'none:  | a entry-not-exported');
  assert.equal(choose(files, { settings: { rootNamespace: 'client' } }), 'selected: a');
});

test('§3.1 another root namespace', () => {
  assert.equal(choose(entry() + rule('a', 'mesh-root'), { settings: { rootNamespace: 'mesh-root' } }), 'selected: a');
});
