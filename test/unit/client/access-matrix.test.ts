// The matrix of the Access view says of each client and host what the access table says, also where a large table leaves rows out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matrixOf } from '../../../client/src/webviews/access/matrix.ts';
import { filtered, noFilter } from '../../../client/src/webviews/access/filter.ts';
import { access, accessRows } from '../../../server/src/eval/access/access.ts';
import type { AccessRow } from '../../../server/src/eval/access/row.ts';
import { accessRowJson } from '../../../server/src/eval/access/to-json.ts';
import { subjectText } from '../../../server/src/eval/access/wording.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const hosts = Array.from({ length: 5 }, (_, i) => `h${i}.example.com`);
const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/use-waypoint: wp, istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: old, labels: { istio-injection: enabled } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }]
${hosts
  .map(
    (host, i) => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: h${i}, namespace: egress }
spec: { hosts: [${host}], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
`,
  )
  .join('')}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: h0 }]
  rules: [{ from: [{ source: { serviceAccounts: [shop/till, old/job] } }], to: [{ operation: { methods: [GET] } }] }]
`;
const { mesh } = meshFromYaml(manifests);
const place = {
  uri: 'file:///a.yaml',
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
  resource: null,
};

function matrix(rows: readonly AccessRow[], short: boolean) {
  const json = rows.map((row) => accessRowJson(row, () => place));
  return matrixOf(
    { rows: json, short },
    {
      client: (from) =>
        subjectText(
          from === '*' ? from : { namespace: from.namespace, serviceAccount: from.serviceAccount ?? undefined },
        ),
      operation: ({ methods }) => methods?.join() ?? '',
      reason: () => ({ ...place, label: 'a.yaml:1' }),
    },
  );
}

/** `client host:port access`, sorted. */
function cellsOf({ clients, hosts: places, answers, cells }: ReturnType<typeof matrix>): string[] {
  return places
    .flatMap(({ host, port }, row) =>
      clients.flatMap(({ label }, column) => {
        const answer = answers[cells[row]![column]!];
        return answer ? [`${label} ${host}:${port} ${answer.access} ${answer.operations.join()}`] : [];
      }),
    )
    .sort();
}

const full = accessRows(mesh)
  .map(({ from, host, port, access: how, operations }) => ({
    from: subjectText(from),
    told: `${subjectText(from)} ${host}:${port} ${how} ${operations.map(({ methods }) => methods?.join() ?? '').join()}`,
  }))
  .sort((a, b) => (a.told < b.told ? -1 : 1));

test('every row is a cell', () => {
  const shown = matrix(accessRows(mesh), false);
  assert.deepEqual(
    cellsOf(shown),
    full.map(({ told }) => told),
  );
  assert.ok(shown.answers.length < full.length);
});

test('a shortened table gives the same cells for the clients that it names', () => {
  const short = access(mesh, { most: 1 });
  assert.ok(short.isShort && short.rows.length < full.length);
  const shown = matrix(short.rows, true);
  const named = new Set(shown.clients.map(({ label }) => label));
  assert.deepEqual(
    cellsOf(shown),
    full.filter(({ from }) => named.has(from)).map(({ told }) => told),
  );
});

test('the filter keeps hosts that a shown client has the wanted access to', () => {
  const shown = matrix(accessRows(mesh), false);
  const names = (filter: object) => {
    const kept = filtered(shown, { ...noFilter, ...filter });
    return [kept.hosts.map((at) => shown.hosts[at]!.host), kept.clients.length];
  };
  assert.deepEqual(names({ access: 'some' })[0], ['h0.example.com']);
  assert.deepEqual(names({ client: 'SHOP/till', host: 'H1.' }), [['h1.example.com'], 1]);
  assert.deepEqual(names({ client: 'nobody', access: 'all' }), [[], 0]);
});
