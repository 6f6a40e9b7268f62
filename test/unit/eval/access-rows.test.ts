// Who may call what, by tables: subjects, ways, and what policies leave.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import type { MeshOptions } from '../../kit/mesh-from-yaml.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const home = (labels = 'istio.io/use-waypoint: wp, istio.io/dataplane-mode: ambient', name = 'egress') => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
---
`;
const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
`;
const entry = ({
  name = 'api',
  namespace = 'egress',
  ports = '[{ number: 80, name: http, protocol: HTTP }]',
  rest = 'resolution: DNS',
} = {}) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${namespace} }
spec: { hosts: [api.example.com], ports: ${ports}, ${rest} }
---
`;
const policy = (name: string, spec: object, target = 'api') =>
  `${JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace: 'egress' },
    spec: { targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: target }], ...spec },
  })}\n---\n`;
const operation = (fields: object) => ({ operation: fields });
const source = (fields: object) => ({ source: fields });

/** `who port: via access operations (because)`. */
function rows(text: string, options: MeshOptions = {}): string[] {
  return accessRows(meshFromYaml(text, options).mesh).map(({ from, port, via, access, operations, because }) => {
    const caller = from === '*' ? '*' : `${from.namespace}/${from.serviceAccount ?? '*'}`;
    const what = operations
      .map(({ methods, paths, when }) => [methods?.join('|') ?? '', paths?.join('|') ?? '', ...when].join(' ').trim())
      .join('; ');
    return `${caller} ${port}: ${via} ${access}${what === '' ? '' : ` [${what}]`} (${because.map(({ resource }) => resource.name).join(' ')})`;
  });
}
const bound = home() + gateway + entry();

test('without a policy everybody may call; without a waypoint directly', () => {
  assert.deepEqual(rows(bound), ['egress/* 80: waypoint all (api)', '* 80: waypoint all (api)']);
  assert.deepEqual(rows(home('istio.io/dataplane-mode: ambient') + entry()), [
    'egress/* 80: direct all (api)',
    '* 80: direct all (api)',
  ]);
});

test('subjects are those of workloads, accounts, namespaces and policies', () => {
  const named = `${bound}apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { template: { spec: { serviceAccountName: web } } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: cron, namespace: jobs }
---
${policy('p', { rules: [{ from: [source({ principals: ['cluster.local/ns/team/sa/bot', 'other/ns/x/sa/y', 'cluster.local/ns/lab/*'] }), source({ serviceAccounts: ['own', 'far/away'] }), source({ notNamespaces: ['dev', 'qa-*'] })] }] })}`;
  assert.deepEqual(
    rows(named).map((row) => row.split(' ')[0]),
    [
      'dev/*',
      'egress/own',
      'egress/*',
      'far/away',
      'far/*',
      'jobs/cron',
      'jobs/*',
      'lab/*',
      'shop/web',
      'shop/*',
      'team/bot',
      'team/*',
      '*',
    ],
  );
});

test('ALLOW narrows to what is listed, for whom it lists', () => {
  assert.deepEqual(
    rows(
      bound +
        policy('p', {
          rules: [
            {
              from: [source({ serviceAccounts: ['default/curl'] })],
              to: [operation({ methods: ['GET', 'HEAD'], paths: ['/status*'] })],
            },
          ],
        }),
    ),
    [
      'default/curl 80: waypoint some [GET|HEAD /status*] (p)',
      'default/* 80: waypoint none (p)',
      'egress/* 80: waypoint none (p)',
      '* 80: waypoint none (p)',
    ],
  );
  assert.deepEqual(rows(bound + policy('nothing', {})), [
    'egress/* 80: waypoint none (nothing)',
    '* 80: waypoint none (nothing)',
  ]);
});

test('DENY is taken off: listed where it can be, in words where not', () => {
  const last = (...policies: string[]) => rows(bound + policies.join('')).at(-1);
  const deny = (rule: object) => policy('no', { action: 'DENY', rules: [rule] });
  const getPost = policy('yes', { rules: [{ to: [operation({ methods: ['GET', 'POST'] })] }] });
  assert.equal(last(getPost, deny({ to: [operation({ methods: ['POST'] })] })), '* 80: waypoint some [GET] (no yes)');
  assert.equal(last(getPost, deny({ to: [operation({ methods: ['P*'] })] })), '* 80: waypoint some [GET] (no yes)');
  assert.equal(last(getPost, deny({ to: [operation({ methods: ['G*', 'POST'] })] })), '* 80: waypoint none (no)');
  assert.equal(
    last(deny({ to: [operation({ paths: ['/admin*'] })] })),
    '* 80: waypoint some [the path is not /admin*] (no)',
  );
  assert.equal(last(deny({ to: [operation({ notMethods: ['GET'] })] })), '* 80: waypoint some [GET] (no)');
  assert.equal(
    last(deny({ to: [operation({ methods: ['POST'], paths: ['/x'] })] })),
    '* 80: waypoint some [the method is not POST; the path is not /x] (no)',
  );
  assert.equal(
    last(getPost, deny({ when: [{ key: 'request.headers[x-team]', values: ['red'] }] })),
    '* 80: waypoint some [GET|POST  the header x-team is not red] (no yes)',
  );
  assert.equal(last(getPost, deny({})), '* 80: waypoint none (no)');
  assert.equal(
    last(getPost, deny({ from: [source({ namespaces: ['dev'] })] })),
    '* 80: waypoint some [GET|POST] (yes)',
  );
});

test('patterns of identities stay open for those without a row', () => {
  const some = rows(bound + policy('p', { rules: [{ from: [source({ namespaces: ['team-*'] })] }] }));
  assert.deepEqual(some, [
    'egress/* 80: waypoint none (p)',
    "* 80: waypoint some [the client's namespace is team-*] (p)",
  ]);
});

test('§4.30 ports are those that clients dial', () => {
  const two =
    home() +
    gateway +
    entry({
      ports: '[{ number: 80, name: a, protocol: HTTP, targetPort: 443 }, { number: 8080, name: b, protocol: HTTP }]',
    });
  assert.deepEqual(rows(two + policy('p', { rules: [{ to: [operation({ ports: ['80'] })] }] })), [
    'egress/* 80: waypoint all (p)',
    '* 80: waypoint all (p)',
    'egress/* 8080: waypoint none (p)',
    '* 8080: waypoint none (p)',
  ]);
});

test('§4.40 on a TCP chain HTTP rules of ALLOW vanish and those of DENY widen', () => {
  const tls = home() + gateway + entry({ ports: '[{ number: 443, name: tls, protocol: TLS }]' });
  const last = (spec: object) => rows(tls + policy('p', spec)).at(-1);
  assert.equal(last({ rules: [{ to: [operation({ methods: ['GET'] })] }] }), '* 443: waypoint none (p)');
  assert.equal(
    last({ action: 'DENY', rules: [{ to: [operation({ methods: ['POST'] })] }] }),
    '* 443: waypoint none (p)',
  );
  assert.equal(
    last({ rules: [{ when: [{ key: 'connection.sni', values: ['api.example.com'] }] }] }),
    '* 443: waypoint some [the TLS server name is api.example.com] (p)',
  );
});

test('a sniffed port tells its two chains apart', () => {
  const any = home() + gateway + entry({ ports: '[{ number: 9000, name: any }]' });
  assert.equal(
    rows(any + policy('p', { rules: [{ to: [operation({ methods: ['GET'] })] }] })).at(-1),
    '* 9000: waypoint some [GET  the traffic is HTTP] (p p)',
  );
  assert.equal(rows(any).at(-1), '* 9000: waypoint all (api)');
});

test('clients that are not captured, and names without an address, go past the waypoint', () => {
  const deny = policy('p', { action: 'DENY', rules: [{}] });
  assert.deepEqual(rows(bound + deny + home('', 'plain')), [
    'egress/* 80: waypoint none (p)',
    'plain/* 80: direct all (api)',
    '* 80: waypoint none (p)',
  ]);
  assert.equal(rows(home() + gateway + entry({ rest: '' }) + deny).at(-1), '* 80: direct all (api)');
  assert.equal(rows(bound + deny, { settings: { dnsCapture: false } }).at(-1), '* 80: direct all (api)');
  const hostNetwork =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: node, namespace: egress }\nspec: { hostNetwork: true, serviceAccountName: node }\n---\n';
  assert.equal(rows(bound + deny + hostNetwork)[0], 'egress/node 80: direct all (api)');
});

test('what age, an authorizer or something unseen decides is undetermined', () => {
  const twice =
    bound +
    home('istio.io/dataplane-mode: ambient', 'b') +
    entry({ name: 'other', namespace: 'b' }) +
    policy('p', { action: 'DENY', rules: [{}] });
  assert.deepEqual(rows(twice), [
    'b/* 80: direct all (other)',
    'egress/* 80: waypoint none (p)',
    '* 80: waypoint undetermined (p other)',
  ]);
  const custom =
    bound +
    policy('p', { action: 'CUSTOM', provider: { name: 'x' }, rules: [{ to: [operation({ methods: ['POST'] })] }] });
  assert.equal(
    rows(custom, { settings: { extensionProviders: ['x'] } }).at(-1),
    '* 80: waypoint undetermined [the method is not POST] (p)',
  );
  assert.equal(
    rows(custom, { settings: { extensionProviders: ['y'] } }).at(-1),
    '* 80: waypoint some [the method is not POST] (p)',
  );
  assert.equal(rows(gateway + entry()).at(-1), '* 80: direct undetermined (api)');
});

test('a dry run decides nothing; a port that the entry of that namespace lacks is closed', () => {
  const dry = JSON.parse(policy('p', { action: 'DENY', rules: [{}] }).split('\n')[0]!) as { metadata: object };
  assert.equal(
    rows(
      `${bound}${JSON.stringify({ ...dry, metadata: { ...dry.metadata, annotations: { 'istio.io/dry-run': 'true' } } })}`,
    ).at(-1),
    '* 80: waypoint all (api)',
  );
  const other =
    bound +
    home('istio.io/dataplane-mode: ambient', 'b') +
    entry({ name: 'other', namespace: 'b', ports: '[{ number: 443, name: tls, protocol: TLS }]' });
  assert.deepEqual(
    rows(other).filter((row) => row.startsWith('b/')),
    ['b/* 80: direct none (other)', 'b/* 443: direct all (other)'],
  );
});
