import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { istioVersions, isNewer, lookUp, servedKinds, type Lookup } from '../../../server/src/schema/catalogue.ts';
import { supportedVersions } from '../../../server/src/model/istio-releases.ts';

function short(found: Lookup): string {
  if (found.state === 'foreign') return 'foreign';
  if (found.state === 'known')
    return `known ${found.schema ?? 'by name'}${found.successor === undefined ? '' : ` -> ${found.successor}${found.sameShape ? '' : ' (other shape)'}`}`;
  return `unknown ${found.why.part}${found.nearest ? ` -> ${found.nearest.apiVersion} ${found.nearest.kind}` : ''}`;
}

const rows: readonly (readonly [apiVersion: string, kind: string, expected: string, istioVersion?: string])[] = [
  ['networking.istio.io/v1', 'ServiceEntry', 'known istio/ServiceEntry'],
  ['networking.istio.io/v1alpha3', 'ServiceEntry', 'known istio/ServiceEntry -> networking.istio.io/v1'],
  ['networking.istio.io/v1', 'Gateway', 'known istio/Gateway'],
  ['gateway.networking.k8s.io/v1', 'Gateway', 'known gateway-api/Gateway'],
  ['networking.istio.io/v1alpha3', 'EnvoyFilter', 'known istio/EnvoyFilter'],
  ['networking.istio.io/v1', 'EnvoyFilter', 'unknown version -> networking.istio.io/v1alpha3 EnvoyFilter'],
  ['gateway.networking.k8s.io/v1alpha2', 'TLSRoute', 'known gateway-api/TLSRoute.v1alpha2', '1.29'],
  [
    'gateway.networking.k8s.io/v1alpha2',
    'TLSRoute',
    'known gateway-api/TLSRoute.v1alpha2 -> gateway.networking.k8s.io/v1 (other shape)',
    '1.30',
  ],
  ['gateway.networking.k8s.io/v1', 'TLSRoute', 'known gateway-api/TLSRoute', '1.24'],
  ['gateway.networking.k8s.io/v1alpha2', 'HTTPRoute', 'unknown version -> gateway.networking.k8s.io/v1 HTTPRoute'],
  ['gateway.networking.k8s.io/v1alpha2', 'BackendLBPolicy', 'known by name'],
  ['gateway.networking.x-k8s.io/v1alpha1', 'XListenerSet', 'known by name'],
  ['gateway.networking.x-k8s.io/v1alpha1', 'XWhatever', 'foreign'],
  ['networking.istio.io/v1', 'HTTPRoute', 'unknown kind -> gateway.networking.k8s.io/v1 HTTPRoute'],
  ['networking.istio.io/v1', 'Serviceentry', 'unknown kind -> networking.istio.io/v1 ServiceEntry'],
  ['networking.istio.io/v1', 'AuthorisationPolicy', 'unknown kind -> security.istio.io/v1 AuthorizationPolicy'],
  ['networking.istio.io/v1', 'Nonsense', 'unknown kind'],
  ['networking.istio.io/v1', 'ServiceEntryList', 'foreign'],
  ['extensions.istio.io/v1alpha1', 'TrafficExtension', 'unknown release', '1.29'],
  ['extensions.istio.io/v1alpha1', 'TrafficExtension', 'known istio/TrafficExtension', '1.30'],
  ['netwroking.istio.io/v1', 'ServiceEntry', 'unknown group -> networking.istio.io/v1 ServiceEntry'],
  ['v1', 'ServiceEntry', 'unknown group -> networking.istio.io/v1 ServiceEntry'],
  ['networking.k8s.io/v1', 'HTTPRoute', 'unknown group -> gateway.networking.k8s.io/v1 HTTPRoute'],
  ['networking.x-k8s.io/v1alpha1', 'HTTPRoute', 'unknown removed -> gateway.networking.k8s.io/v1 HTTPRoute'],
  ['rbac.istio.io/v1alpha1', 'ServiceRole', 'unknown removed'],
  ['install.istio.io/v1alpha1', 'IstioOperator', 'foreign'],
  ['appmesh.k8s.aws/v1beta2', 'VirtualService', 'foreign'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'foreign'],
  ['v1', 'Service', 'foreign'],
  ['', '', 'foreign'],
  ['__proto__/v1', 'constructor', 'foreign'],
  ['networking.istio.io/v1', 'constructor', 'unknown kind'],
  ['networking.istio.io/constructor', 'ServiceEntry', 'unknown version -> networking.istio.io/v1 ServiceEntry'],
];

describe('lookUp', () => {
  for (const [apiVersion, kind, expected, version = '1.31'] of rows) {
    it(`${apiVersion} ${kind} at ${version}`, () => assert.equal(short(lookUp(apiVersion, kind, version)), expected));
  }
  it('takes versions outside of the supported ones', () => {
    assert.equal(
      short(lookUp('networking.istio.io/v1beta1', 'Sidecar', '1.99')),
      'known istio/Sidecar -> networking.istio.io/v1',
    );
    assert.equal(
      short(lookUp('gateway.networking.k8s.io/v1beta1', 'Gateway', '1.9')),
      'known gateway-api/Gateway -> gateway.networking.k8s.io/v1',
    );
  });
});

describe('releases', () => {
  it('are those that the product supports', () => {
    assert.deepEqual(istioVersions, supportedVersions);
  });
  it('are compared by number', () => {
    assert.deepEqual(
      [
        isNewer('1.31', '1.4'),
        isNewer('1.4', '1.31'),
        isNewer('1.31', '1.31'),
        isNewer('2.0', '1.31'),
        isNewer('1.31.2', '1.31'),
      ],
      [true, false, false, true, false],
    );
  });
});

describe('servedKinds', () => {
  it('names each kind with the version to write', () => {
    const written = (version: string) => servedKinds(version).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
    assert.ok(written('1.31').includes('networking.istio.io/v1 ServiceEntry'));
    assert.ok(written('1.29').includes('gateway.networking.k8s.io/v1alpha3 TLSRoute'));
    assert.ok(!written('1.29').some((name) => name.endsWith('TrafficExtension')));
  });
});
