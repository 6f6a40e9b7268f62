// What a request to trace can be chosen from.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestChoices } from '../../../server/src/features/request-choices.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const entry = (name: string, hosts: string, ports: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: egress }
spec: { hosts: ${hosts}, ports: ${ports}, resolution: NONE }
---`;

test('a URL for each host and port, by host, each once; no UDP, nothing for any host', () => {
  const ports = '[{ number: 443, name: tls, protocol: TLS }, { number: 80, name: http, protocol: HTTP }]';
  const text =
    entry('b', '[b.test, "*.a.test"]', ports) +
    entry('again', '[b.test]', '[{ number: 80, name: http, protocol: HTTP }]') +
    entry('without-ports', '[c.test]', '[]') +
    entry('dns', '[dns.test]', '[{ number: 53, name: dns, protocol: UDP }]') +
    entry('any', '["*"]', ports);
  assert.deepEqual(
    requestChoices(meshFromYaml(text).mesh).urls.map(({ url, entry: name }) => `${url} ${name}`),
    [
      'http://www.a.test/ egress/b',
      'https://www.a.test/ egress/b',
      'http://b.test/ egress/b',
      'https://b.test/ egress/b',
      'http://c.test/ egress/without-ports',
    ],
  );
});

test('clients that run come before clients that only a policy names', () => {
  const text = `
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: shop }
spec: { serviceAccountName: till, containers: [] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p, namespace: egress }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/bank/sa/teller, cluster.local/ns/shop/sa/till] } }] }] }
`;
  assert.deepEqual(requestChoices(meshFromYaml(text).mesh).clients, ['shop/till', 'bank/teller']);
});
