// `dynamic-dns-outlier-detection` says that istiod crashes exactly where Istio's own generator does.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { analyzeFiles } from '../../server/src/engine/analyze.ts';
import { peers } from '../kit/peers.ts';

const found = peers('oracle');
const skip = found.available ? false : found.why;

const some = 'outlierDetection: { consecutive5xxErrors: 5 }';
const http = { name: 'http', protocol: 'HTTP' };

interface Parts {
  readonly at: 'waypoint' | 'sidecar' | 'no proxy';
  readonly port?: { readonly name: string; readonly protocol: string };
  readonly host?: string;
  /** Of the DestinationRule's spec. */
  readonly settings: string;
  readonly resolution?: string;
}

function mesh({ at, port = http, host = '*.example.com', settings, resolution = 'DYNAMIC_DNS' }: Parts): string {
  return `apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { ${at === 'sidecar' ? 'istio-injection: enabled' : 'istio.io/dataplane-mode: ambient'} } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ext, namespace: egress, labels: { ${at === 'waypoint' ? 'istio.io/use-waypoint: wp' : 'a: b'} } }
spec:
  hosts: ["*.example.com"]
  ports: [{ number: 80, name: ${port.name}, protocol: ${port.protocol} }]
  resolution: ${resolution}
  location: MESH_EXTERNAL
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ext, namespace: egress }
spec: { host: "${host}", ${settings} }
`;
}

const meshes: Readonly<Record<string, Parts>> = {
  'at a waypoint': { at: 'waypoint', settings: `trafficPolicy: { ${some} }` },
  'an empty one': { at: 'waypoint', settings: 'trafficPolicy: { outlierDetection: {} }' },
  'of a wider pattern': { at: 'waypoint', host: '*.com', settings: `trafficPolicy: { ${some} }` },
  'for every host': { at: 'waypoint', host: '*', settings: `trafficPolicy: { ${some} }` },
  'for a name below the wildcard': { at: 'waypoint', host: 'a.example.com', settings: `trafficPolicy: { ${some} }` },
  'a GRPC port at a waypoint': {
    at: 'waypoint',
    port: { name: 'grpc', protocol: 'GRPC' },
    settings: `trafficPolicy: { ${some} }`,
  },
  'a TLS port at a waypoint': {
    at: 'waypoint',
    port: { name: 'tls', protocol: 'TLS' },
    settings: `trafficPolicy: { ${some} }`,
  },
  'for the port': {
    at: 'waypoint',
    settings: `trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, ${some} }] }`,
  },
  'for another port': {
    at: 'waypoint',
    settings: `trafficPolicy: { portLevelSettings: [{ port: { number: 81 }, ${some} }] }`,
  },
  'settings of the port without it': {
    at: 'waypoint',
    settings: `trafficPolicy: { ${some}, portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE } }] }`,
  },
  'in a subset, at a waypoint': {
    at: 'waypoint',
    settings: `subsets: [{ name: a, labels: { v: a }, trafficPolicy: { ${some} } }]`,
  },
  'resolution NONE': { at: 'waypoint', resolution: 'NONE', settings: `trafficPolicy: { ${some} }` },
  'at a sidecar': { at: 'sidecar', settings: `trafficPolicy: { ${some} }` },
  'a GRPC port at a sidecar': {
    at: 'sidecar',
    port: { name: 'grpc', protocol: 'GRPC' },
    settings: `trafficPolicy: { ${some} }`,
  },
  'a TLS port at a sidecar': {
    at: 'sidecar',
    port: { name: 'tls', protocol: 'TLS' },
    settings: `trafficPolicy: { ${some} }`,
  },
  'in a subset, at a sidecar': {
    at: 'sidecar',
    settings: `subsets: [{ name: a, labels: { v: a }, trafficPolicy: { ${some} } }]`,
  },
};

test('istiod ends where the rule says so, and nowhere else', { skip }, () => {
  const ends: Record<string, boolean> = {};
  const told: Record<string, boolean> = {};
  for (const [name, parts] of Object.entries(meshes)) {
    const text = mesh(parts);
    ends[name] = endsOn(text, parts.at);
    told[name] = analyzeFiles([{ uri: 'file:///mesh.yaml', text }]).findings.some(
      ({ rule, severity }) => rule === 'dynamic-dns-outlier-detection' && severity === 'error',
    );
  }
  assert.deepEqual(told, ends);
  assert.deepEqual(new Set(Object.values(ends)), new Set([true, false]));
});

function endsOn(text: string, at: Parts['at']): boolean {
  if (!found.available) throw new Error(found.why);
  const sidecars =
    at === 'sidecar' ? [{ namespace: 'egress', name: 'client', labels: {}, serviceAccount: 'default' }] : undefined;
  const manifests = parseAllDocuments(text).map((one) => one.toJS() as unknown);
  const { status, stderr } = spawnSync(found.bin('oracle'), ['-batch'], {
    input: `${JSON.stringify({ id: '0', manifests, sidecars })}\n`,
    encoding: 'utf8',
  });
  if (status === 0) return false;
  assert.match(stderr, /nil pointer dereference[\s\S]*applyOutlierDetection/);
  return true;
}
