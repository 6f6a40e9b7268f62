// Which URL a place in a ServiceEntry suggests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestAt } from '../../../server/src/features/request-at.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const uri = 'file:///entry.yaml';
const entry = (hosts: string, ports: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: e, namespace: egress }
spec:
  hosts: [${hosts}]
  ports:
${ports
  .split('|')
  .map((port) => `  - { ${port} }`)
  .join('\n')}
  resolution: DNS
`;

/** `at`: the text that the cursor is on. */
function suggested(text: string, at: string) {
  const workspace = newWorkspace();
  workspace.setFile(uri, text);
  workspace.refresh();
  return requestAt(workspace, uri, text.indexOf(at));
}

const http = 'number: 80, name: http, protocol: HTTP';
for (const [what, hosts, ports, at, url] of [
  ['the first host and port', 'a.com, b.com', http, 'ServiceEntry', 'http://a.com/'],
  ['the host under the cursor', 'a.com, b.com', http, 'b.com', 'http://b.com/'],
  [
    'the port under the cursor',
    'a.com',
    `${http}|number: 8443, name: tls, protocol: TLS`,
    'number: 8443',
    'https://a.com:8443/',
  ],
  [
    'a customary port goes without saying',
    'a.com',
    'number: 443, name: https, protocol: HTTPS',
    'a.com',
    'https://a.com/',
  ],
  ['a connection', 'db.com', 'number: 5432, name: db, protocol: TCP', 'db.com', 'tcp://db.com:5432'],
  ['a name below a wildcard', '"*.a.com"', http, 'hosts', 'http://www.a.com/'],
  ['no port', 'a.com', '', 'a.com', 'http://a.com/'],
] as const) {
  test(what, () => assert.equal(suggested(entry(hosts, ports), at).url, url));
}

test('outside an entry there is no URL; clients are the service accounts of workloads, each once', () => {
  const text = `apiVersion: v1
kind: Pod
metadata: { name: a, namespace: shop }
spec: { containers: [] }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: default, namespace: shop }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: buyer, namespace: shop }
`;
  assert.deepEqual(suggested(text, 'Pod'), { url: undefined, clients: ['shop/buyer', 'shop/default'] });
});
