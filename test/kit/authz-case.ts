// The cases of unit/eval/authz-cases.ts as manifests and connections, to be decided by our evaluator or by Istio's own RBAC.
import { parse } from 'yaml';
import type { Connection } from '../../server/src/eval/authz/connection.ts';
import type { Manifest } from '../oracle/manifests.ts';
import { normalisePath } from '../../server/src/eval/http-path.ts';
import type { AuthzCase } from '../unit/eval/authz-cases.ts';

/** The waypoint `egress/gate`. */
export const gate: Manifest = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'gate', namespace: 'egress' },
  spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
};

const base: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'egress', labels: { 'istio.io/use-waypoint': 'gate' } } },
  gate,
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'httpbin', namespace: 'egress' },
    spec: {
      hosts: ['httpbin.org'],
      addresses: ['192.0.2.10'],
      resolution: 'DNS',
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP', targetPort: 8443 },
        { number: 443, name: 'tls', protocol: 'TLS' },
        { number: 9000, name: 'tcp', protocol: 'TCP' },
        { number: 81, name: 'any' },
      ],
    },
  },
];
const entryRef = [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'httpbin' }];

export function manifestsOf({ policies }: AuthzCase): readonly Manifest[] {
  return [
    ...base,
    ...policies.map((text, i): Manifest => {
      const [, marker, flow = ''] = /^(?:@(\S+) )?(.*)$/s.exec(text)!;
      const spec = parse(flow.startsWith('{') ? flow : `{ ${flow} }`) as Manifest;
      const target = 'targetRefs' in spec || 'selector' in spec ? {} : { targetRefs: entryRef };
      const dryRun = marker === 'dry-run';
      return {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: {
          name: `policy-${i}`,
          namespace: marker && !dryRun ? marker : 'egress',
          ...(dryRun ? { annotations: { 'istio.io/dry-run': 'true' } } : {}),
        },
        spec: { ...target, ...spec },
      };
    }),
  ];
}

interface Line {
  readonly expected: string;
  readonly connection: Connection;
}

export function readLine(line: string): Line {
  const [expected = '', method = '', path = '', ...options] = line.split(' ');
  const given = new Map(
    options.map((option): [string, string] => [
      option.slice(0, option.indexOf('=')),
      option.slice(option.indexOf('=') + 1),
    ]),
  );
  const http = method !== '-';
  const [namespace = '', serviceAccount = ''] = (given.get('from') ?? 'app/curl').split('/');
  const headers = [...given]
    .filter(([key]) => key.startsWith('h.'))
    .map(([key, value]): [string, string] => [key.slice(2), value]);
  return {
    expected,
    connection: {
      source: { namespace, serviceAccount, trustDomain: 'cluster.local', ip: given.get('ip') ?? '10.1.2.3' },
      destination: { host: 'httpbin.org', port: Number(given.get('port') ?? 80), addresses: ['192.0.2.10'] },
      chain: http ? 'http' : 'tcp',
      sni: given.get('sni'),
      http: http
        ? { method, path: normalPath(path), authority: given.get('host') ?? 'httpbin.org', headers: new Map(headers) }
        : undefined,
    },
  };
}

/** Policies see what the proxy has normalised. */
function normalPath(sent: string): string {
  const normal = normalisePath(sent, 'BASE');
  if ('refused' in normal) throw new Error(normal.refused);
  return normal.path;
}
