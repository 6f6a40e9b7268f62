// What is taken from single lines and paths: lines that do not count, accounts, and prefixes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesPath } from '../../../server/src/eval/authz/text-match.ts';
import { observe } from '../../../server/src/eval/log/observe.ts';
import { readLogLine } from '../../../server/src/eval/log/read-line.ts';
import { accountsOfAddresses, accountsOfPods } from '../../../server/src/features/learn/accounts.ts';
import { FlowLog } from '../../../server/src/features/learn/flows.ts';
import { pathPatterns } from '../../../server/src/features/learn/paths.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

function line(fields: Readonly<Record<string, string | number>>): string {
  const usual = {
    method: 'GET',
    path: '/a',
    response_code: 200,
    response_code_details: 'via_upstream',
    authority: 'api.example.com',
    upstream_host: '198.51.100.7:80',
    upstream_cluster: 'inbound-vip|80|http|api.example.com',
    downstream_local_address: '240.240.0.3:80',
    downstream_remote_address: '10.1.0.9:35662',
  };
  return JSON.stringify({ ...usual, ...fields });
}

const ztunnel = (fields: string) => `info\taccess\tconnection complete\tsrc.addr=10.1.0.9:1 ${fields}`;

test('traffic inside the mesh, tunnels and own requests do not leave', () => {
  for (const text of [
    line({ upstream_cluster: 'inbound-vip|80|http|cart.shop.svc.cluster.local', authority: 'cart' }),
    line({ upstream_cluster: 'outbound|80||cart.shop.svc.cluster.local' }),
    line({ upstream_cluster: 'inbound|8080||' }),
    line({ upstream_cluster: 'xds-grpc' }),
    line({ method: 'CONNECT', upstream_cluster: 'main_internal' }),
    ztunnel('dst.addr=10.1.0.8:15008 dst.hbone_addr=240.240.0.3:80 direction="outbound"'),
    ztunnel('dst.addr=10.1.0.8:8080 dst.workload="cart-1" direction="outbound"'),
    ztunnel('dst.addr=198.51.100.7:443 direction="inbound"'),
  ])
    assert.equal(observe(readLogLine(text)!), undefined, text);
});

test('what leaves, what is passed or blocked, what is refused', () => {
  const fateOf = (fields: Readonly<Record<string, string | number>>) => observe(readLogLine(line(fields))!)?.fate;
  assert.equal(fateOf({}), 'left');
  assert.equal(fateOf({ response_code: 500 }), 'left');
  assert.equal(fateOf({ upstream_cluster: 'PassthroughCluster' }), 'passed');
  assert.equal(fateOf({ upstream_cluster: 'BlackHoleCluster', upstream_host: '-', response_flags: 'UH' }), 'blocked');
  assert.equal(
    fateOf({
      response_code: 403,
      response_code_details: 'rbac_access_denied_matched_policy[none]',
      upstream_host: '-',
    }),
    'denied',
  );
  assert.equal(fateOf({ response_code: 503, response_flags: 'UF' }), 'failed');
});

test('an address has the account that ztunnel tells; with two it has none', () => {
  const flowsOf = (...lines: readonly string[]) => {
    const log = new FlowLog();
    for (const text of lines) log.add(readLogLine(text));
    return log
      .flows({ ofPod: () => undefined, ofAddress: () => undefined, otherwise: undefined }, 'BASE')
      .map(({ client, count, path }) => [client?.serviceAccount, count, path]);
  };
  const account = (name: string) =>
    ztunnel(`src.identity="spiffe://cluster.local/ns/shop/sa/${name}" dst.addr=10.1.0.8:15008 direction="outbound"`);
  assert.deepEqual(flowsOf(line({}), line({}), account('cart')), [['cart', 2, '/a']]);
  assert.deepEqual(flowsOf(line({ path: '/a/../b?c' }), account('cart'), account('web')), [[undefined, 1, '/b']]);
});

test('a pod has the account of its workload, unless several could have made it', () => {
  const deployment = (name: string, account: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: ${account} }
`;
  const { mesh } = meshFromYaml([deployment('cart', 'carts'), deployment('cart-5d4f6c7b9', 'others')].join('---\n'));
  const accountOf = accountsOfPods(mesh);
  const name = (pod: string) => accountOf({ pod, namespace: undefined })?.serviceAccount;
  assert.equal(name('cart-7c6d5b4f98-x2x7k'), 'carts');
  assert.equal(name('cart-5d4f6c7b9-x2x7k'), undefined);
  assert.equal(name('carts-7c6d5b4f98-x2x7k'), undefined);
});

test('few paths are listed, many become the longest prefixes, and each path is matched', () => {
  const users = Array.from({ length: 20 }, (_, i) => `/v1/users/${i}`);
  const values = (paths: readonly string[]) => pathPatterns(paths, 4).map(({ value, stands }) => `${value} ${stands}`);
  assert.deepEqual(values(['/a', '/a', '/b']), ['/a 1', '/b 1']);
  assert.deepEqual(values(users), ['/v1/users/* 20']);
  assert.deepEqual(values(['/v1/users', ...users, '/health']), ['/health 1', '/v1/users 1', '/v1/users/* 20']);
  assert.deepEqual(values(['*', '/a', '/b', '/c', '/d']), ['* 5']);
  assert.deepEqual(
    pathPatterns(['/a*'], 4).map(({ isWider }) => isWider),
    [true],
  );
  const mixed = ['/', '//', '/a/', '/a/b', ...users, ...users.map((user) => `${user}/orders`), '/b/c/d', '/b/c/e'];
  for (const most of [1, 2, 4, 8, 30]) {
    const patterns = pathPatterns(mixed, most);
    for (const path of mixed)
      assert.ok(
        patterns.some(({ value }) => matchesPath(value, path)),
        `${path} of ${most}`,
      );
  }
});

test('an address has the account of the only pod that had it then', () => {
  const since = '2026-03-01T02:00:00Z';
  const pod = (serviceAccount: string, address: string) => ({ namespace: 'shop', serviceAccount, address, since });
  const ofAddress = accountsOfAddresses([pod('cart', '10.1.0.9'), pod('one', '10.1.0.10'), pod('two', '10.1.0.10')]);
  const cart = { namespace: 'shop', serviceAccount: 'cart' };
  assert.deepEqual(ofAddress('10.1.0.9', '2026-03-01T02:00:00.500Z'), cart);
  assert.deepEqual(ofAddress('10.1.0.9', '2026-03-01T01:59:59.900Z'), undefined);
  assert.deepEqual(ofAddress('10.1.0.9', undefined), undefined);
  assert.deepEqual(ofAddress('10.1.0.10', '2026-03-01T02:00:01Z'), undefined);
  assert.deepEqual(ofAddress('10.1.0.99', '2026-03-01T02:00:01Z'), undefined);
});

test('of a log with very many requests, hosts are kept before paths, and what is not kept is counted', () => {
  const log = new FlowLog();
  const add = (host: string, path: string) => log.add(readLogLine(line({ authority: host, path })));
  for (let at = 0; at < 40_100; at++) add('api.example.com', `/${at}`);
  assert.equal(log.dropped, 100);
  for (let at = 0; at < 5_100; at++) add(`host-${at}.example.com`, '/');
  assert.equal(log.dropped, 100 + 101);
  add('api.example.com', '/7');
  assert.equal(log.dropped, 201, 'a request that is known is counted');
  const flows = log.flows({ ofPod: () => undefined, ofAddress: () => undefined, otherwise: undefined }, 'BASE');
  assert.equal(new Set(flows.map(({ host }) => host)).size, 5_000);
  assert.equal(flows.find(({ path }) => path === '/7')?.count, 2);
});
