// Which names and values count as misspelt ones of Istio's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelUses } from '../../../server/src/model/label-uses.ts';
import { useMeantBy, valueFault } from '../../../server/src/rules/reference/label-slips.ts';
import type { Kind } from '../../../server/src/model/kinds.ts';

const on = (kind: Kind, name: string) =>
  useMeantBy(
    name,
    labelUses.filter(({ kinds }) => kinds.includes(kind)),
  )?.name;

const misspelt: readonly (readonly [kind: Kind, written: string, meant: string])[] = [
  ['ServiceEntry', 'istio.io/use-waypont', 'istio.io/use-waypoint'],
  ['ServiceEntry', 'istio.io/use_waypoint', 'istio.io/use-waypoint'],
  ['ServiceEntry', 'istio.io/useWaypoint', 'istio.io/use-waypoint'],
  ['ServiceEntry', 'istio.io/waypoint', 'istio.io/use-waypoint'],
  ['Service', 'isto.io/use-waypoint', 'istio.io/use-waypoint'],
  ['Service', 'istio.io/use-waypoint-namespaces', 'istio.io/use-waypoint-namespace'],
  ['Service', 'istio.io/ingres-use-waypoint', 'istio.io/ingress-use-waypoint'],
  ['Namespace', 'ambient.istio.io/dataplane-mode', 'istio.io/dataplane-mode'],
  ['Namespace', 'istio.io/data-plane-mode', 'istio.io/dataplane-mode'],
  ['Namespace', 'istio.io/dataplane', 'istio.io/dataplane-mode'],
  ['Namespace', 'istio-injecton', 'istio-injection'],
  ['Namespace', 'istio_injection', 'istio-injection'],
  ['Namespace', 'istio.io/istio-injection', 'istio-injection'],
  ['Pod', 'ambient.istio.io/dns-captur', 'ambient.istio.io/dns-capture'],
  ['Pod', 'istio.io/dns-capture', 'ambient.istio.io/dns-capture'],
  ['Pod', 'sidecar.istio.io/injects', 'sidecar.istio.io/inject'],
  ['Workload', 'traffic.sidecar.istio.io/excludeOutboundIpRange', 'traffic.sidecar.istio.io/excludeOutboundIPRanges'],
  ['Gateway', 'istio.io/waypoint-fro', 'istio.io/waypoint-for'],
  ['AuthorizationPolicy', 'istio.io/dryrun', 'istio.io/dry-run'],
];

test('a name near one of Istio is taken for that', () => {
  for (const [kind, written, meant] of misspelt) assert.equal(on(kind, written), meant, written);
});

test('names that Istio knows, and names of others, are left alone', () => {
  const names: readonly (readonly [Kind, string])[] = [
    ['Namespace', 'istio.io/rev'],
    ['Namespace', 'istio.io/tag'],
    ['Namespace', 'topology.istio.io/network'],
    ['Namespace', 'opa-istio-injection'],
    ['Namespace', 'linkerd.io/inject'],
    ['Namespace', 'kiali.io/dataplane'],
    ['Service', 'example.com/use-waypoint'],
    ['Service', 'networking.istio.io/traffic-distribution'],
    ['Pod', 'sidecar.istio.io/status'],
    ['Pod', 'sidecar.opentelemetry.io/inject'],
    ['Pod', 'traffic.sidecar.istio.io/excludeInboundPorts'],
    ['Pod', 'istio.io/team'],
  ];
  for (const [kind, name] of names) assert.equal(on(kind, name), undefined, name);
});

test('a value counts as wrong unless it asks for what Istio does with it', () => {
  const valuesOf = (kind: Kind, name: string) => {
    const values = labelUses.find((use) => use.name === name && use.kinds.includes(kind))?.values;
    assert.ok(values);
    return values;
  };
  // Null for what is fine, undefined for a value that none is near to.
  const rows: readonly (readonly [Kind, string, string, string | undefined | null])[] = [
    ['Namespace', 'istio.io/dataplane-mode', 'Ambient', 'ambient'],
    ['Namespace', 'istio.io/dataplane-mode', 'enabled', 'ambient'],
    ['Namespace', 'istio.io/dataplane-mode', 'disabled', null],
    ['Namespace', 'istio.io/dataplane-mode', 'sidecar', undefined],
    ['Pod', 'istio.io/dataplane-mode', 'disabled', 'none'],
    ['Namespace', 'istio-injection', 'enable', 'enabled'],
    ['Namespace', 'istio-injection', 'true', 'enabled'],
    ['Namespace', 'istio-injection', 'false', null],
    ['Namespace', 'istio-injection', 'ambient', undefined],
    ['Service', 'istio.io/ingress-use-waypoint', 'yes', 'true'],
    ['Service', 'istio.io/ingress-use-waypoint', 'no', null],
    ['Service', 'istio.io/ingress-use-waypoint', 'T', null],
    ['Gateway', 'istio.io/waypoint-for', 'services', 'service'],
    ['Pod', 'ambient.istio.io/dns-capture', 'off', 'false'],
    ['Pod', 'ambient.istio.io/dns-capture', '0', null],
    ['Pod', 'sidecar.istio.io/inject', 'False', 'false'],
    ['ServiceEntry', 'networking.istio.io/enable-autoallocate-ip', 'no', 'false'],
  ];
  for (const [kind, name, written, wanted] of rows) {
    const fault = valueFault(valuesOf(kind, name), written);
    assert.deepEqual(fault, wanted === null ? undefined : { value: wanted }, `${name}: ${written}`);
  }
});
