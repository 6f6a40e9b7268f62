// Hover, lens and hints over texts: where they stand and what they link to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lensesIn, lensTitle } from '../../../server/src/features/code-lens.ts';
import { hoverAt } from '../../../server/src/features/hover.ts';
import { inlayHintsIn } from '../../../server/src/features/inlay-hints.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const home = 'file:///mesh/';
const files = {
  'namespace.yaml':
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: egress\n  labels:\n    istio.io/use-waypoint: gw\n',
  'gateway.yaml':
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: gw, namespace: egress }\nspec:\n  gatewayClassName: istio-waypoint\n  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]\n',
  'entry.yaml': `# A comment first.
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress }
spec:
  hosts: [api.example.com] # the host
  ports:
  - number: 80
    name: http
    protocol: HTTP
    targetPort: 443
  - number: 8080
    name: http-8080
    protocol: HTTP
  - { number: 5432, name: tcp, protocol: TCP }
  resolution: DNS
`,
  'rule (1).yaml':
    '# one\n---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: api, namespace: egress }\nspec:\n  host: api.example.com\n  trafficPolicy:\n    portLevelSettings:\n    - port: { number: 80 }\n      tls: { mode: SIMPLE }\n',
};

function open(changed: Partial<typeof files> = {}) {
  const workspace = newWorkspace();
  const texts = new Map(Object.entries({ ...files, ...changed }).map(([name, text]) => [home + name, text]));
  for (const [uri, text] of texts) workspace.setFile(uri, text);
  workspace.refresh();
  const host = {
    textOf: (uri: string) => texts.get(uri),
    exists: (uri: string) => texts.has(uri),
    documentAt: (document: number) => workspace.documentAt(document),
  };
  const hover = (name: string, before: string) => {
    const uri = home + name;
    const offset = texts.get(uri)!.indexOf(before);
    assert.ok(offset >= 0, before);
    return hoverAt({ workspace, host, uri, offset, pages: new Map(), pageUri: () => undefined });
  };
  const hints = (name: string, range?: { start: number; end: number }) => {
    const text = texts.get(home + name)!;
    return inlayHintsIn(workspace, home + name, range ?? { start: 0, end: text.length }).map(
      ({ offset, label }) => `${text.slice(0, offset).split('\n').at(-1)!.trim()} ${label}`,
    );
  };
  return { workspace, hover, hints };
}

test("facts follow the field's documentation, with links to the lines that decide", () => {
  const { markdown } = open().hover('entry.yaml', 'ServiceEntry')!;
  assert.ok(markdown.startsWith('**kind**'));
  assert.match(
    markdown,
    /\*\*Waypoint\*\*: \[egress\/gw\]\(file:\/\/\/mesh\/gateway\.yaml#L3\), by the label of \[Namespace egress\]\(file:\/\/\/mesh\/namespace\.yaml#L6\)/,
  );
  assert.ok(markdown.includes('(file:///mesh/rule%20%281%29.yaml#L11)'), markdown);
});

test("a host's line tells of the host, a port's lines of the port, other lines of neither", () => {
  const { hover } = open();
  assert.match(hover('entry.yaml', '# the host')!.markdown, /\*\*Address\*\*.*\n- \*\*DestinationRule\*\*/);
  assert.doesNotMatch(hover('entry.yaml', '# the host')!.markdown, /\*\*Waypoint\*\*/);
  assert.match(hover('entry.yaml', '443')!.markdown, /\*\*Leaves as\*\*: TLS SIMPLE to :443/);
  assert.match(
    hover('entry.yaml', '8080')!.markdown,
    /\*\*Leaves as\*\*: plain HTTP to :8080, as it arrives \(\[the selected rule originates TLS for other ports\]/,
  );
  assert.doesNotMatch(hover('entry.yaml', 'DNS')!.markdown, /Leaves as|Address|Waypoint/);
});

test('the label of a Namespace, the host of a rule and the target of a policy are such places too', () => {
  const { hover } = open();
  assert.match(hover('namespace.yaml', 'gw')!.markdown, /\*\*Bound\*\*: \[ServiceEntry egress\/api\]/);
  assert.match(
    hover('rule (1).yaml', 'api.example')!.markdown,
    /selected \(:80 TLS SIMPLE, :8080 no TLS, :5432 no TLS\)/,
  );
  const policy =
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: p, namespace: egress }\nspec:\n  targetRefs:\n  - group: networking.istio.io\n    kind: ServiceEntry\n    name: api\n';
  assert.match(
    open({ 'policy.yaml': policy } as Partial<typeof files>).hover('policy.yaml', 'api\n')!.markdown,
    /enforced at waypoint \[egress\/gw\]/,
  );
});

test('names do not become markup', () => {
  const { hover } = open({
    'entry.yaml': files['entry.yaml'].replace('api.example.com', '"*.my_api_.com"').replace('DNS', 'DYNAMIC_DNS'),
  });
  const { markdown } = hover('entry.yaml', 'ServiceEntry')!;
  assert.doesNotMatch(markdown.replaceAll(/\\[*_]/g, '').replaceAll('**', ''), /[*_](?=\w)/);
});

test('a lens stands on the first line of each resource that may have facts, and says them when asked', () => {
  const { workspace } = open();
  const uri = `${home}entry.yaml`;
  const [lens, ...more] = lensesIn(workspace, uri);
  assert.equal(more.length, 0);
  assert.equal(files['entry.yaml'].slice(lens!.span.start, lens!.span.end), 'networking.istio.io/v1');
  assert.equal(
    lensTitle(workspace, uri, lens!.subject),
    'via egress/gw · TLS SIMPLE to :443 · plain HTTP to :8080 · TCP to :5432 · anyone may call',
  );
  assert.equal(lensTitle(workspace, uri, { ...lens!.subject, name: 'gone' }), undefined);
  assert.deepEqual(lensesIn(workspace, 'file:///mesh/none.yaml'), []);
});

test('hints stand behind the port that is dialled, within the range that is asked for', () => {
  const { hints } = open();
  assert.deepEqual(hints('entry.yaml'), ['targetPort: 443 → TLS :443', '- number: 8080 → plain :8080']);
  assert.deepEqual(hints('entry.yaml', { start: 0, end: files['entry.yaml'].indexOf('- number: 8080') }), [
    'targetPort: 443 → TLS :443',
  ]);
  assert.deepEqual(hints('rule (1).yaml'), []);
});

for (const [what, from, to] of [
  ['hosts that differ', '[api.example.com]', '[api.example.com, other.example.com]'],
  [
    'endpoints with different ports',
    '  resolution: DNS\n',
    '  resolution: DNS\n  endpoints: [{ address: a.example.com, ports: { http: 8443 } }, { address: b.example.com }]\n',
  ],
  ['a host without an address', '  resolution: DNS\n', ''],
] as const) {
  test(`no hint where it is not certain: ${what}`, () => {
    const { hints } = open({ 'entry.yaml': files['entry.yaml'].replace(from, to) });
    assert.ok(!hints('entry.yaml').some((hint) => hint.startsWith('targetPort')));
  });
}

test('no hint without a waypoint, and none where another entry has the host', () => {
  assert.deepEqual(
    open({ 'namespace.yaml': files['namespace.yaml'].replace('use-waypoint', 'other') }).hints('entry.yaml'),
    [],
  );
  assert.deepEqual(
    open({ 'copy.yaml': files['entry.yaml'].replace('name: api', 'name: copy') } as Partial<typeof files>).hints(
      'entry.yaml',
    ),
    [],
  );
});
