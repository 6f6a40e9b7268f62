// Which connections of a pod its sidecar takes. server/docs/istio-semantics-classic.md §A.10 to §A.12.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirectionOf } from '../../../server/src/mesh/clients/redirection.ts';
import type { OutboundCapture } from '../../../server/src/mesh/settings.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

interface Pod {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: string;
  readonly mesh?: OutboundCapture;
}

function told({ annotations = {}, spec = '', mesh: outboundCapture }: Pod, host: string, port: number): string {
  const written = Object.entries(annotations).map(([name, value]) => `traffic.sidecar.istio.io/${name}: "${value}"`);
  const { mesh, find } = meshFromYaml(
    `apiVersion: v1
kind: Pod
metadata: { name: reader, namespace: shop, annotations: { ${written.join(', ')} } }
spec: { ${spec} containers: [{ name: app }, { name: other }] }`,
    { settings: { outboundCapture } },
  );
  const found = redirectionOf(mesh, find('Pod', 'reader'), { host, port });
  const because = found.state === 'left-out' ? ` ${found.because}` : '';
  return `${found.state}${because}${found.state !== 'unknown' && found.isAssumed ? ' (assumed)' : ''}`;
}

const host = 'news.example.com';
const rows: readonly (readonly [Pod, string, number, string])[] = [
  [{}, host, 443, 'taken'],
  [{ annotations: { excludeOutboundPorts: '80, 443' } }, host, 443, 'left-out port'],
  [{ annotations: { excludeOutboundPorts: '80' } }, host, 443, 'taken'],
  [{ annotations: { excludeOutboundIPRanges: '0.0.0.0/0' } }, host, 443, 'left-out range'],
  [{ annotations: { excludeOutboundIPRanges: '10.0.0.0/8' } }, host, 443, 'taken (assumed)'],
  [{ annotations: { excludeOutboundIPRanges: '198.51.100.0/24' } }, host, 443, 'unknown'],
  [{ annotations: { excludeOutboundIPRanges: '198.51.100.0/24' } }, '198.51.100.7', 443, 'left-out range'],
  [{ annotations: { excludeOutboundIPRanges: '198.51.100.0/24' } }, '203.0.113.7', 443, 'taken'],
  [{ annotations: { includeOutboundIPRanges: '' } }, host, 443, 'left-out range-not-included'],
  [{ annotations: { includeOutboundIPRanges: '*' } }, host, 443, 'taken'],
  [{ annotations: { includeOutboundIPRanges: '10.0.0.0/8' } }, host, 443, 'left-out range-not-included (assumed)'],
  [{ annotations: { includeOutboundIPRanges: '10.0.0.0/8' } }, '10.1.2.3', 443, 'taken'],
  [{ annotations: { includeOutboundIPRanges: '10.0.0.0/8', includeOutboundPorts: '443' } }, host, 443, 'taken'],
  [{ annotations: { includeOutboundPorts: '443', excludeOutboundPorts: '443' } }, host, 443, 'left-out port'],
  [{ mesh: { excludePorts: '443' } }, host, 443, 'left-out port'],
  [{ mesh: { excludePorts: '443' }, annotations: { excludeOutboundPorts: '80' } }, host, 443, 'taken'],
  [{ spec: 'securityContext: { runAsUser: 1337 },' }, host, 443, 'left-out proxy-user'],
  [{ spec: 'securityContext: { runAsGroup: 1337 },' }, host, 443, 'left-out proxy-user'],
  [{ spec: 'securityContext: { runAsUser: 1000 },' }, host, 443, 'taken'],
];

test('annotations, and the values of the mesh where a pod has none, leave connections out', () => {
  for (const [pod, to, port, expected] of rows) assert.equal(told(pod, to, port), expected, JSON.stringify(pod));
});
