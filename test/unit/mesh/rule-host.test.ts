// One answer to "which host is this rule for", and which entries it covers, for every rule that asks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleHost, writtenRuleHost } from '../../../server/src/mesh/destination-rules/rule-host.ts';
import { ownersCoveredBy } from '../../../server/src/mesh/hosts/owners-covered-by.ts';
import { externalHostsOf } from '../../../server/src/rules/tls/faults/faults-of-rule.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const files = (host: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rule, namespace: shop }
spec: { host: "${host}" }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: web, namespace: shop }
spec: { hosts: [httpbin.org], location: MESH_EXTERNAL, resolution: DNS }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: db, namespace: shop }
spec: { hosts: [db.shop.svc.cluster.local], location: MESH_EXTERNAL, resolution: DNS }
---
`;

test('§3.3 the host of a rule: short names expanded, in the normal form, and as it is written', () => {
  for (const [host, normal, written] of [
    ['HTTPBin.org.', 'httpbin.org', 'HTTPBin.org.'],
    ['db', 'db.shop.svc.cluster.local', 'db.shop.svc.cluster.local'],
    ['*', '*', '*'],
    ['', '', ''],
  ] as const) {
    const { find } = meshFromYaml(files(host));
    const rule = find('DestinationRule', 'rule');
    assert.equal(ruleHost(rule, 'cluster.local'), normal);
    assert.equal(writtenRuleHost(rule, 'cluster.local'), written);
  }
});

test('§3.3 §3.5 the hosts outside that a rule covers', () => {
  for (const [host, expected] of [
    ['httpbin.org', ['httpbin.org']],
    ['HTTPBin.org.', ['httpbin.org']],
    ['*.org', ['httpbin.org']],
    ['*bin.org', ['httpbin.org']],
    ['db', ['db.shop.svc.cluster.local']],
    ['*', []],
    ['other', []],
  ] as const) {
    const { mesh, find } = meshFromYaml(files(host));
    const found = externalHostsOf(mesh, find('DestinationRule', 'rule'));
    assert.deepEqual(
      found.map((one) => one.host),
      expected,
      host,
    );
  }
  const { mesh } = meshFromYaml(files('x.org'));
  assert.equal(ownersCoveredBy(mesh, '*').length, 2);
});
