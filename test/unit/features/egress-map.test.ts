import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { egressMap } from '../../../server/src/features/egress-map.ts';
import type { EgressMap, MapHost } from '../../../server/src/features/map/parts.ts';
import type { Resource } from '../../../server/src/model/resource.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const examples = join(import.meta.dirname, '../../../examples');
const story = Object.fromEntries(
  readdirSync(examples)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(join(examples, name), 'utf8')]),
);

/** `host via[ports] callers`, for comparing. */
function shown({ gateways, past, unclear }: EgressMap<Resource>): object {
  const host = ({ host: name, ports, policies, callers, why }: MapHost<Resource>) =>
    `${name} ${ports.map(({ number, tls, targets, by }) => `${number}:${tls}:${targets.join()}${by ? ` by ${by.name}` : ''}`).join(' ')} ${callers}${policies.map(({ action }) => ` ${action}`).join('')}${why === '' ? '' : ` (${why})`}`;
  return {
    gateways: gateways.map(({ namespace, name, place, hosts }) => [
      `${namespace}/${name}${place ? '' : ' unseen'}`,
      ...hosts.map(host),
    ]),
    past: past.map(host),
    unclear: unclear.map(host),
  };
}

const itself = (resource: Resource): Resource => resource;

const entry = (name: string, host: string, more = '') =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: a${more === '' ? '' : `, ${more}`} }\nspec:\n  hosts: [${host}]\n  resolution: DNS\n  ports: [{ number: 443, name: tls, protocol: TLS }]\n`;
const gateway = (name: string, className: string) =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: ${name}, namespace: a }\nspec:\n  gatewayClassName: ${className}\n  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]\n`;
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n';

test('the story is one gateway with one host, its TLS and its policy', () => {
  assert.deepEqual(shown(egressMap(meshFromYaml(story).mesh, itself)), {
    gateways: [['common-infrastructure/egress-gateway', 'httpbin.org 80:SIMPLE:443 by httpbin policies ALLOW']],
    past: [],
    unclear: [],
  });
});

test('hosts without a gateway say why; those of a Namespace that nothing shows are unclear', () => {
  const { mesh } = meshFromYaml(
    [
      namespace,
      entry('plain', 'plain.org'),
      entry('out', 'out.org', 'labels: { istio.io/use-waypoint: none }'),
      entry('lost', 'lost.org', 'labels: { istio.io/use-waypoint: away, istio.io/use-waypoint-namespace: b }'),
      entry('nobody', 'nobody.org').replace('namespace: a', 'namespace: elsewhere'),
      gateway('other', 'istio'),
      gateway('idle', 'istio-waypoint'),
    ].join('---\n'),
  );
  assert.deepEqual(shown(egressMap(mesh, itself)), {
    gateways: [['a/idle']],
    past: [
      'lost.org 443:client:443 unjudged (b/away: there is no such Gateway)',
      'out.org 443:client:443 unjudged (the label says none)',
      'plain.org 443:client:443 unjudged (no use-waypoint label)',
    ],
    unclear: ['nobody.org 443:unknown:443 unknown (its Namespace is not in these files)'],
  });
});

test('a gateway that is made by a tool, not by a file, is shown by the label that names it', () => {
  const { mesh } = meshFromYaml(
    [namespace.replace('name: a', 'name: a, labels: { istio.io/use-waypoint: made }'), entry('x', 'x.org')].join(
      '---\n',
    ),
    { completeKinds: [] },
  );
  assert.deepEqual(shown(egressMap(mesh, itself)), {
    gateways: [['a/made unseen', 'x.org 443:unknown:443 unknown']],
    past: [],
    unclear: [],
  });
});

test('only what is wanted is shown, and the gateway before it', () => {
  const { mesh } = meshFromYaml(
    [
      namespace.replace('name: a', 'name: a, labels: { istio.io/use-waypoint: one }'),
      entry('x', 'x.org'),
      entry('y', 'y.org'),
      gateway('one', 'istio-waypoint'),
      gateway('two', 'istio-waypoint'),
    ].join('---\n'),
  );
  const map = egressMap(mesh, itself, ({ name }) => name === 'x');
  assert.deepEqual(
    map.gateways.map(({ name, hosts }) => [name, hosts.map(({ host }) => host)]),
    [['one', ['x.org']]],
  );
});
