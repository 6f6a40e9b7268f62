// A NetworkPolicy that blocks the tunnel to a waypoint closes the host to the pods that it selects, if the cluster enforces it: that is assumed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { access, accessRows } from '../../../server/src/eval/access/access.ts';
import { sameWay } from '../../../server/src/eval/access/answers.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const mesh = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: bank, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { serviceAccountName: web }
---
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { serviceAccountName: cart }
---
apiVersion: v1
kind: Pod
metadata: { name: till, namespace: bank }
spec: { serviceAccountName: till }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress, labels: { istio.io/use-waypoint: wp } }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---
`;

const policy = (namespace: string, spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ports, namespace: ${namespace} }
spec: ${spec}
`;

type Rows = ReturnType<typeof accessRows>;

const texts = (rows: Rows): readonly string[] =>
  rows.map(({ from, via, access: found }) => {
    const caller = from === '*' ? '*' : `${from.namespace}/${from.serviceAccount ?? '*'}`;
    return `${caller} ${via} ${found}`;
  });

const rowsFor = (text: string) => texts(accessRows(meshFromYaml(text).mesh));

test('only the pods that the policy selects are kept from the host', () => {
  const selecting = policy(
    'shop',
    '{ podSelector: { matchLabels: { app: web } }, egress: [{ ports: [{ port: 443 }] }] }',
  );
  assert.deepEqual(rowsFor(mesh + selecting), [
    'bank/till waypoint all',
    'bank/* waypoint all',
    'shop/cart waypoint all',
    'shop/web waypoint undetermined',
    'shop/* waypoint undetermined',
    '* waypoint all',
  ]);
});

test('a short table shows them too', () => {
  const all = policy('shop', '{ podSelector: {}, egress: [{ ports: [{ port: 443 }] }] }');
  const { rows, isShort } = access(meshFromYaml(mesh + all).mesh, { most: 1 });
  assert.ok(isShort);
  assert.deepEqual(texts(rows), ['shop/* waypoint undetermined', '* waypoint all']);
});

test("a policy at the waypoint's pods keeps everybody from the host", () => {
  const inbound = policy('egress', '{ podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] }');
  assert.deepEqual(new Set(rowsFor(mesh + inbound).map((row) => row.split(' ').at(-1))), new Set(['undetermined']));
});

test('a policy that another one completes keeps nobody from it', () => {
  const web = policy('shop', '{ podSelector: {}, egress: [{ ports: [{ port: 443 }] }] }');
  const tunnel = policy('shop', '{ podSelector: {}, egress: [{ ports: [{ port: 15008 }] }] }').replace(
    'ports,',
    'hbone,',
  );
  assert.deepEqual(new Set(rowsFor(`${mesh}${web}---${tunnel}`).map((row) => row.split(' ').at(-1))), new Set(['all']));
});

test('answers that assume different things are not the same', () => {
  const all = policy('shop', '{ podSelector: {}, egress: [{ ports: [{ port: 443 }] }] }');
  const row = accessRows(meshFromYaml(mesh + all).mesh).find(({ from }) => from !== '*' && from.namespace === 'shop')!;
  assert.ok(row.assumed?.some((sentence) => sentence.includes('enforces NetworkPolicies')));
  assert.equal(sameWay(row, { ...row }), true);
  assert.equal(sameWay(row, { ...row, assumed: undefined }), false);
});
