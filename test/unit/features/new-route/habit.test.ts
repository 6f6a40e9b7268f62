// New manifests look as those of their folder: in which file, with which labels, namespace and indentation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeIn } from './route-in.ts';

const answers = {
  host: 'api.partner.example',
  tls: 'originate',
  port: '443',
  callers: 'shop/cart',
  methods: '*',
  paths: '*',
  gateway: 'exit/way-out',
  log: 'no',
};

const object = (kind: string, name: string, spec: string, labels = '') =>
  `apiVersion: ${kind === 'AuthorizationPolicy' ? 'security' : 'networking'}.istio.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: exit\n${labels}spec:\n${spec}`;
const entry = (name: string, labels = '') =>
  object(
    'ServiceEntry',
    name,
    `  hosts:\n    - ${name}.example.com\n  ports:\n    - {number: 443, name: tls, protocol: TLS}\n  resolution: DNS\n`,
    labels,
  );
const rule = (name: string, labels = '') => object('DestinationRule', name, `  host: ${name}.example.com\n`, labels);

function filesWritten(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { plan } = routeIn(
    new Map(Object.entries(files).map(([name, text]) => [`file:///folder/${name}`, text])),
    answers,
  );
  return Object.fromEntries((plan?.files ?? []).map(({ uri, after }) => [uri.replace('file:///folder/', ''), after]));
}

const labels = '  labels:\n    team: net\n    app: one\n';
const cases: readonly (readonly [what: string, files: Readonly<Record<string, string>>, written: readonly string[]])[] =
  [
    ['nothing: a file for each host, one for the gateway', {}, ['way-out.yaml', 'api-partner-example.yaml']],
    [
      'one file for all',
      { 'exit/all.yaml': `${entry('one')}---\n${rule('one')}---\n${entry('two')}` },
      ['exit/all.yaml'],
    ],
    [
      'a file for each host',
      { 'exit/one.yaml': `${entry('one')}---\n${rule('one')}` },
      ['exit/way-out.yaml', 'exit/api-partner-example.yaml'],
    ],
    [
      'a file for each kind',
      { 'exit/entries.yaml': `${entry('one')}---\n${entry('two')}`, 'exit/rules.yaml': rule('one') },
      ['exit/gateway.yaml', 'exit/entries.yaml', 'exit/rules.yaml', 'exit/authorization-policy.yaml'],
    ],
    [
      'a file for each object',
      { 'exit/one.yml': entry('one'), 'exit/one-tls.yml': rule('one') },
      [
        'exit/way-out-gateway.yml',
        'exit/api-partner-example-service-entry.yml',
        'exit/api-partner-example-destination-rule.yml',
        'exit/api-partner-example-authorization-policy.yml',
      ],
    ],
    [
      'a name that is taken',
      { 'api-partner-example.yaml': '# notes\n' },
      ['way-out.yaml', 'api-partner-example-2.yaml'],
    ],
  ];
for (const [what, files, written] of cases)
  test(what, () => assert.deepEqual(Object.keys(filesWritten(files)), written));

test('labels that all objects have, the indentation of lists, and what was there stays as it was', () => {
  const before = `${entry('one', labels)}---\n${rule('two', labels.replace('one', 'two'))}---\n${entry('three', labels)}`;
  const text = filesWritten({ 'exit/all.yaml': before })['exit/all.yaml'] ?? '';
  assert.ok(text.startsWith(before));
  const added = text.slice(before.length);
  assert.match(added, /^---\napiVersion: gateway\.networking\.k8s\.io\/v1\nkind: Gateway\n/);
  assert.match(added, /labels:\n {4}team: net\n {4}istio\.io\/use-waypoint: way-out\n/);
  assert.doesNotMatch(added, /app: /);
  assert.match(added, /\n {2}hosts:\n {4}- api\.partner\.example\n/);
});

test('carriage returns, and a file without an end of its last line', () => {
  const before = `${entry('one')}---\n${rule('one')}---\n${entry('two')}`.replaceAll('\n', '\r\n').trimEnd();
  const text = filesWritten({ 'exit/all.yaml': before })['exit/all.yaml'] ?? '';
  assert.ok(text.startsWith(`${before}\r\n---\r\napiVersion: `));
  assert.doesNotMatch(text, /[^\r]\n/);
});

test('a kustomization lists the new files; where it cannot, the user is told', () => {
  const list = 'kind: Kustomization\nresources:\n  - one.yaml # first\nlabels: []\n';
  const one = `${entry('one')}---\n${rule('one')}`;
  assert.equal(
    filesWritten({ 'exit/one.yaml': one, 'exit/kustomization.yaml': list })['exit/kustomization.yaml'],
    list.replace('# first\n', '# first\n  - way-out.yaml\n  - api-partner-example.yaml\n'),
  );
  const flow = new Map([
    ['file:///folder/exit/one.yaml', one],
    ['file:///folder/exit/kustomization.yaml', 'resources: [one.yaml]\n'],
  ]);
  assert.match(
    (routeIn(flow, answers).plan?.notes ?? []).join('\n'),
    /Add api-partner-example\.yaml to the resources of kustomization\.yaml/,
  );
});
