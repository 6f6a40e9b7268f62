// Two properties: after any edits a workspace says what one built from scratch says; and an edit runs its readers only.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { tracesOf } from '../../../server/src/rules/trace/declared-traces.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { allShown, newWorkspace } from '../../kit/workspace.ts';

const namespaces = ['edge', 'shop', 'istio-system'];
const hosts = ['api.example.com', 'www.example.com', '*.example.com', 'pay.example.org'];
const names = ['a', 'b'];

const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const metadata = (name: string, namespace: string, extra = '') =>
  `metadata:\n  name: ${name}\n  namespace: ${namespace}\n${extra}`;

const serviceEntry = fc
  .record({
    name: pick(...names),
    ns: pick(...namespaces),
    host: pick(...hosts),
    waypoint: pick('', 'gw', 'gone', 'none'),
    wns: pick('', 'edge'),
    resolution: pick('', 'DNS', 'NONE'),
    target: pick(0, 443, 8080),
    protocol: pick('HTTP', 'TLS'),
    number: pick(80, 443),
    exportTo: pick('', '.', 'edge'),
  })
  .map(
    (x) =>
      `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n${metadata(x.name, x.ns, x.waypoint ? `  labels:\n    istio.io/use-waypoint: ${x.waypoint}\n${x.wns ? `    istio.io/use-waypoint-namespace: ${x.wns}\n` : ''}` : '')}spec:\n  hosts: [${JSON.stringify(x.host)}]\n  ports:\n  - number: ${x.number}\n    name: p\n    protocol: ${x.protocol}\n${x.target ? `    targetPort: ${x.target}\n` : ''}${x.resolution ? `  resolution: ${x.resolution}\n` : ''}${x.exportTo ? `  exportTo: ["${x.exportTo}"]\n` : ''}`,
  );

const policyOf = (mode: string) => (mode ? `tls: { mode: ${mode} }` : 'connectionPool: { tcp: { maxConnections: 1 } }');

const destinationRule = fc
  .record({
    name: pick(...names),
    ns: pick(...namespaces),
    host: pick(...hosts, '*'),
    mode: pick('SIMPLE', 'ISTIO_MUTUAL', 'DISABLE', ''),
    port: pick(0, 80, 443),
    exportTo: pick('', '.'),
  })
  .map(
    (x) =>
      `apiVersion: networking.istio.io/v1\nkind: DestinationRule\n${metadata(x.name, x.ns)}spec:\n  host: ${JSON.stringify(x.host)}\n${x.exportTo ? '  exportTo: ["."]\n' : ''}  trafficPolicy:\n${x.port ? `    portLevelSettings:\n    - port: { number: ${x.port} }\n      ${policyOf(x.mode)}\n` : `    ${policyOf(x.mode)}\n`}`,
  );

const gateway = fc
  .record({
    ns: pick(...namespaces),
    cls: pick('istio-waypoint', 'istio'),
    for: pick('', 'service', 'workload'),
    from: pick('', 'All'),
  })
  .map(
    (x) =>
      `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n${metadata('gw', x.ns, x.for ? `  labels: { istio.io/waypoint-for: ${x.for} }\n` : '')}spec:\n  gatewayClassName: ${x.cls}\n  listeners:\n  - name: mesh\n    port: 15008\n    protocol: HBONE\n${x.from ? `    allowedRoutes: { namespaces: { from: ${x.from} } }\n` : ''}`,
  );

const namespace = fc
  .record({
    ns: pick(...namespaces),
    waypoint: pick('', 'gw'),
    joins: pick('', 'istio.io/dataplane-mode: ambient', 'istio-injection: enabled', 'istio.io/rev: canary'),
  })
  .map(
    (x) =>
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${x.ns}\n  labels:\n    team: x\n${x.waypoint ? `    istio.io/use-waypoint: ${x.waypoint}\n` : ''}${x.joins ? `    ${x.joins}\n` : ''}`,
  );

const sidecar = fc
  .record({ ns: pick(...namespaces), host: pick('*/*', './*', 'edge/*'), mode: pick('ALLOW_ANY', 'REGISTRY_ONLY') })
  .map(
    (x) =>
      `apiVersion: networking.istio.io/v1\nkind: Sidecar\n${metadata('s', x.ns)}spec:\n  egress: [{ hosts: ["${x.host}"] }]\n  outboundTrafficPolicy: { mode: ${x.mode} }\n`,
  );

const policy = fc
  .record({
    name: pick(...names),
    ns: pick(...namespaces),
    kind: pick('ServiceEntry', 'Gateway'),
    target: pick('a', 'gw', 'api.example.com'),
  })
  .map(
    (x) =>
      `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n${metadata(x.name, x.ns)}spec:\n  targetRefs:\n  - group: ${x.kind === 'Gateway' ? 'gateway.networking.k8s.io' : 'networking.istio.io'}\n    kind: ${x.kind}\n    name: ${x.target}\n  rules: [{}]\n`,
  );

const noise = pick(
  '',
  '# only a comment\n',
  'kind: [half\n  typed',
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${NAME}\nspec: {}\n',
  'hello: world\n',
);
const document = fc.oneof(
  { weight: 4, arbitrary: serviceEntry },
  { weight: 3, arbitrary: destinationRule },
  { weight: 2, arbitrary: gateway },
  { weight: 2, arbitrary: namespace },
  sidecar,
  policy,
  noise,
);
const fileText = fc.array(document, { minLength: 0, maxLength: 4 }).map((documents) => documents.join('---\n'));
const edit = fc.record({
  file: pick('x', 'y', 'z'),
  text: fc.option(fileText, { freq: 8 }),
  touch: fc.boolean(),
  // The next edit comes before the rules have run everywhere.
  steps: fc.option(fc.nat({ max: 30 }), { nil: Infinity }),
});

test('after any edits, between any steps, the findings are those of a workspace built from scratch', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 10 }), pick(0, 2, 1000), (edits, recent) => {
      const live = newWorkspace({}, [], recent);
      const texts = new Map<string, string>();
      for (const { file, text, touch, steps } of edits) {
        const uri = `file:///${file}.yaml`;
        const before = texts.get(uri);
        // A blank line above moves everything and changes nothing.
        const after = touch && before !== undefined ? `\n${before}` : text;
        if (after === null || after === undefined) {
          texts.delete(uri);
          live.removeFile(uri);
        } else {
          texts.set(uri, after);
          live.setFile(uri, after);
        }
        let left = steps;
        for (const _ of live.refreshing(uri)) if (left-- <= 0) break;
      }
      live.refresh();
      const fresh = newWorkspace();
      for (const uri of [...texts.keys()].sort()) fresh.setFile(uri, texts.get(uri)!);
      fresh.refresh();
      assert.deepEqual(allShown(live), allShown(fresh));
    }),
    { numRuns: Number(process.env['RUNS'] ?? 300), seed: 20 },
  );
});

const entryOf = (i: number, target = 443) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e${i}, namespace: ns-${i % 50} }\nspec:\n  hosts: [h${i}.example.com]\n  resolution: DNS\n  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: ${target} }]\n`;
const ruleOf = (i: number, mode = 'SIMPLE') =>
  `---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: e${i}, namespace: ns-${i % 50} }\nspec:\n  host: h${i}.example.com\n  trafficPolicy: { tls: { mode: ${mode} } }\n`;

test('an edit reads one document and runs its readers, however large the workspace is', () => {
  const workOf = (files: number) => {
    const workspace = newWorkspace();
    for (let i = 0; i < files; i++) workspace.setFile(`file:///f${i}.yaml`, entryOf(i) + ruleOf(i));
    workspace.refresh();
    assert.equal(workspace.work.subjectsRun, files * 2);
    workspace.setFile('file:///f7.yaml', entryOf(7) + ruleOf(7, 'DISABLE'));
    const changed = workspace.refresh();
    const { meshRead, ...work } = workspace.work;
    // Beside the members of its namespace, of which a large workspace has more, and facts that were let go.
    assert.ok(meshRead <= 250, `${meshRead} asked`);
    return { ...work, changed: [...changed] };
  };
  const small = workOf(100);
  const large = workOf(2000);
  assert.deepEqual(large, small);
  assert.equal(large.documentsRead, 1);
  assert.ok(large.subjectsRun <= 4, `${large.subjectsRun} subjects ran`);
  assert.deepEqual(large.changed, ['file:///f7.yaml']);
});

test('facts that one subject alone asked for are let go, and what wakes the subject stays known', () => {
  const workspaceOf = (recent: number) => {
    const workspace = newWorkspace({}, [], recent);
    for (let i = 0; i < 20; i++) workspace.setFile(`file:///f${i}.yaml`, entryOf(i) + ruleOf(i));
    workspace.refresh();
    return workspace;
  };
  const [without, having] = [workspaceOf(0), workspaceOf(1000)];
  const keysOf = (workspace: Workspace) =>
    [...workspace.uris].flatMap((uri) =>
      workspace
        .documents(uri)
        .flatMap(({ record }) => record.resources.map((one) => workspace.keysReadBy(one).toSorted())),
    );
  assert.deepEqual(keysOf(without), keysOf(having));
  for (const workspace of [without, having]) {
    workspace.setFile('file:///f7.yaml', entryOf(7, 80) + ruleOf(7));
    workspace.refresh();
  }
  assert.deepEqual(allShown(without), allShown(having));
  assert.ok(without.work.subjectsRun <= having.work.subjectsRun + 2, `${without.work.subjectsRun} subjects ran`);
});

test('an edit follows only the requests that it can change, each once', () => {
  const namespaceOf = (i: number, label: string) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: ns-${i}, labels: { ${label} } }\n`;
  const tracedBy = (files: number) => {
    let traced = 0;
    const workspace = newWorkspace({}, [
      {
        id: 'counts-traces',
        stage: 'trace',
        summary: 'Counts.',
        severity: 'hint',
        since: '0.2.0',
        subjects: ['ServiceEntry'],
        inputs: [],
        check: (subject, mesh) => {
          if (subject.kind === 'ServiceEntry') traced += tracesOf(mesh, subject).length;
          return [];
        },
      },
    ]);
    workspace.setFile('file:///ambient.yaml', namespaceOf(7, 'istio.io/dataplane-mode: ambient'));
    workspace.setFile('file:///sidecars.yaml', namespaceOf(8, 'istio-injection: enabled'));
    for (let i = 0; i < files; i++) workspace.setFile(`file:///f${i}.yaml`, entryOf(i) + ruleOf(i));
    workspace.refresh();
    const first = traced;
    workspace.setFile('file:///f7.yaml', entryOf(7) + ruleOf(7, 'DISABLE'));
    workspace.refresh();
    return { first, edit: traced - first };
  };
  const [small, large] = [tracedBy(100), tracedBy(1000)];
  assert.ok(small.first >= 100 && small.first <= 300, `${small.first} traces for 100 entries`);
  // One by a captured client, one by a sidecar of another namespace.
  assert.deepEqual([small.edit, large.edit], [2, 2]);
});

test('a finding whose severity depends on a host of nearly the same name changes when an entry brings that host', () => {
  const gateway = 'out-egressgateway.apps.svc.cluster.local';
  const files = {
    'file:///service.yaml':
      'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: apps }\nspec:\n  ports: [{ port: 80, name: http }]\n',
    'file:///rule.yaml': `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: gw, namespace: team }\nspec:\n  host: ${gateway}\n  trafficPolicy: { tls: { mode: DISABLE } }\n`,
    'file:///routes.yaml': `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: gw, namespace: team }\nspec:\n  hosts: [api.example.com]\n  http:\n  - route: [{ destination: { host: ${gateway}, port: { number: 80 } } }]\n`,
    'file:///near.yaml': `${entryOf(1)}---\n${entryOf(2).replace('h2.example.com', gateway.replace('apps', 'app'))}`,
  };
  const live = newWorkspace();
  const said = () =>
    live
      .findings('file:///rule.yaml')
      .map(({ severity }) => severity)
      .join();
  for (const [uri, text] of Object.entries(files)) {
    live.setFile(uri, uri === 'file:///near.yaml' ? '' : text);
    live.refresh();
  }
  const before = said();
  live.setFile('file:///near.yaml', files['file:///near.yaml']);
  live.refresh();
  assert.notEqual(said(), before);
  const fresh = newWorkspace();
  for (const [uri, text] of Object.entries(files)) fresh.setFile(uri, text);
  fresh.refresh();
  assert.deepEqual(allShown(live), allShown(fresh));
});
