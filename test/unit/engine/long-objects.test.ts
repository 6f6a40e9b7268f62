// Objects whose lists are longer than anybody writes: four times as long, they are about four times the work, which is counted and not timed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeFiles } from '../../../server/src/engine/analyze.ts';
import { workOf } from '../../kit/count-calls.ts';

const few = 150;
/** Of four times as much: 4, and some for what is sorted. What grows with the square is at 16. */
const mostGrowth = 8;

const object = (group: string, kind: string, spec: string) =>
  `apiVersion: ${group}\nkind: ${kind}\nmetadata: { name: a, namespace: shop }\nspec:\n${spec}`;
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
const entry = (rest: string) => object('networking.istio.io/v1', 'ServiceEntry', `  resolution: DNS\n${rest}`);
const routes = (rest: string) => object('networking.istio.io/v1', 'VirtualService', rest);
const address = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

const shapes: Readonly<Record<string, (count: number) => string>> = {
  hosts: (n) => entry(`  hosts:\n${lines(n, (i) => `  - a${i}.com`)}`),
  'the same host': (n) => entry(`  hosts:\n${lines(n, () => '  - a.com')}`),
  wildcards: (n) => entry(`  hosts:\n${lines(n, (i) => `  - "*.a${i}.com"`)}`),
  addresses: (n) => entry(`  hosts: [a.com]\n  addresses:\n${lines(n, (i) => `  - ${address(i)}`)}`),
  ranges: (n) => entry(`  hosts: [a.com]\n  addresses:\n${lines(n, (i) => `  - ${address(i)}/24`)}`),
  exports: (n) => entry(`  hosts: [a.com]\n  exportTo:\n${lines(n, (i) => `  - ns${i}`)}`),
  endpoints: (n) => entry(`  hosts: [a.com]\n  endpoints:\n${lines(n, (i) => `  - { address: ${address(i)} }`)}`),
  'unknown fields': (n) => entry(lines(n, (i) => `  f${i}: 1`)),
  'unknown fields in a list': (n) => entry(`  hosts: [a.com]\n  endpoints:\n${lines(n, () => '  - { x: 1 }')}`),
  'lost indentation in a list': (n) =>
    entry(`  hosts: [a.com]\n  ports:\n${lines(n, () => '  -\n    name:\n    x: 1\n    y: 2')}`),
  ports: (n) =>
    entry(`  hosts: [a.com]\n  ports:\n${lines(n, (i) => `  - { number: ${i + 1}, name: p${i}, protocol: HTTP }`)}`),
  'suppressions of no rule': (n) => entry(lines(n, (i) => `  # istio-egress-ignore nope${i}: why\n  f${i}: 1`)),
  'hosts of routes': (n) =>
    routes(`  hosts:\n${lines(n, (i) => `  - a${i}.com`)}  http:\n  - route: [{ destination: { host: a.com } }]\n`),
  'wildcards of routes': (n) =>
    routes(`  hosts:\n${lines(n, (i) => `  - "*.a${i}.com"`)}  http:\n  - route: [{ destination: { host: a.com } }]\n`),
  routes: (n) =>
    routes(
      `  hosts: [a.com]\n  http:\n${lines(n, (i) => `  - match: [{ uri: { prefix: /a${i} } }]\n    route: [{ destination: { host: a.com } }]`)}`,
    ),
  'expressions that are not valid': (n) =>
    routes(
      `  hosts: [a.com]\n  http:\n${lines(n, (i) => `  - match: [{ uri: { regex: "(a${i}" } }]\n    route: [{ destination: { host: a.com } }]`)}`,
    ),
  subsets: (n) =>
    object(
      'networking.istio.io/v1',
      'DestinationRule',
      `  host: a.com\n  subsets:\n${lines(n, (i) => `  - { name: a${i}, labels: { a: b } }`)}`,
    ),
  'settings of ports': (n) =>
    object(
      'networking.istio.io/v1',
      'DestinationRule',
      `  host: a.com\n  trafficPolicy:\n    portLevelSettings:\n${lines(n, (i) => `    - { port: { number: ${i + 1} }, tls: { mode: SIMPLE } }`)}`,
    ),
  listeners: (n) =>
    object(
      'gateway.networking.k8s.io/v1',
      'Gateway',
      `  gatewayClassName: istio-waypoint\n  listeners:\n${lines(n, (i) => `  - { name: a${i}, port: ${i + 1}, protocol: HTTP }`)}`,
    ),
  principals: (n) =>
    object(
      'security.istio.io/v1',
      'AuthorizationPolicy',
      `  rules:\n  - from:\n    - source:\n        principals:\n${lines(n, (i) => `        - cluster.local/ns/a/sa/b${i}`)}`,
    ),
  'hosts of a Sidecar': (n) =>
    object('networking.istio.io/v1', 'Sidecar', `  egress:\n  - hosts:\n${lines(n, (i) => `    - ./a${i}.com`)}`),
  'objects of a List': (n) =>
    `apiVersion: v1\nkind: List\nitems:\n${lines(n, (i) => `- { apiVersion: v1, kind: Namespace, metadata: { name: n${i} } }`)}`,
  'copies of one refused object': (n) => lines(n, () => `---\n${entry('  hosts: [a.com]\n  x: 1')}`),
  'templates in comments': (n) => entry(`  hosts: [a.com]\n${lines(n, () => '  # {{ a }}')}`),
};

for (const [name, text] of Object.entries(shapes))
  test(`four times as many are four times the work: ${name}`, async () => {
    const workFor = (count: number) => workOf(() => analyzeFiles([{ uri: 'file:///a.yaml', text: text(count) }]));
    // What is made once for all is made here.
    await workFor(1);
    const [small, large] = [await workFor(few), await workFor(4 * few)];
    assert.ok(large <= mostGrowth * small, `${small} steps for ${few}, ${large} for four times as many`);
  });
