// The cases of unit/mesh/route-cases.ts as meshes and requests, to be compared with what ours or Istio's route tables answer.
import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { Sample } from '../oracle/generate.ts';
import type { Manifest } from '../oracle/manifests.ts';
import type { Call } from '../oracle/policies.ts';
import type { RouteCase } from '../unit/mesh/route-cases.ts';
import { gate } from './authz-case.ts';

const base: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'egress' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'any', namespace: 'egress' },
    spec: { clusterIP: '10.96.0.9', ports: [{ name: 'http', port: 80 }] },
  },
  gate,
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'api', namespace: 'egress', labels: { 'istio.io/use-waypoint': 'gate' } },
    spec: {
      hosts: ['api.example.com'],
      resolution: 'DNS',
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP' },
        { number: 8080, name: 'grpc', protocol: 'GRPC' },
        { number: 443, name: 'tls', protocol: 'TLS' },
        { number: 9000, name: 'tcp', protocol: 'TCP' },
      ],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'far', namespace: 'egress' },
    spec: { hosts: ['far.example.com'], resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] },
  },
];
const parentRefs = [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'api' }];

function manifestOf(text: string, i: number): Manifest {
  const [, kind = '', namespace = 'egress', spec = ''] = /^(\w+)(?:@(\w+))?: (.*)$/s.exec(text)!;
  const apiVersion = kind.endsWith('Route') ? 'gateway.networking.k8s.io/v1' : 'networking.istio.io/v1';
  return {
    apiVersion,
    kind,
    metadata: { name: `doc-${i}`, namespace },
    spec: { ...(kind.endsWith('Route') ? { parentRefs } : {}), ...(parse(spec) as Manifest) },
  };
}

interface Line {
  readonly call: Call;
  readonly port: number;
  readonly expected: string;
}

function readLine(line: string): Line {
  const [question = '', expected = ''] = line.split(' > ');
  const [method = '', path = '', ...options] = question.split(' ');
  const given = new Map(
    options.map((option): [string, string] => [
      option.slice(0, option.indexOf('=')),
      option.slice(option.indexOf('=') + 1),
    ]),
  );
  const headers = Object.fromEntries(
    [...given].filter(([key]) => key.startsWith('h.') && key !== 'h.host').map(([key, value]) => [key.slice(2), value]),
  );
  const port = Number(given.get('port') ?? 80);
  return {
    expected,
    port,
    call: {
      namespace: 'shop',
      serviceAccount: 'curl',
      ip: '10.1.2.3',
      sni: undefined,
      method: method === '-' ? 'GET' : method,
      path: path === '-' ? '/' : path,
      authority: given.get('h.host'),
      withPort: port !== 80,
      headers,
    },
  };
}

export function sampleOf({ docs, lines }: RouteCase): Sample {
  return { manifests: [...base, ...docs.map(manifestOf)], calls: lines.map((line) => readLine(line).call) };
}

export function compareLines({ lines, title }: RouteCase, answers: Readonly<Record<string, unknown>>): void {
  for (const [i, line] of lines.entries()) {
    const { port, expected } = readLine(line);
    const isTcp = line.startsWith('- ');
    const words = answers[`route egress/api api.example.com ${port}/${isTcp ? 'tcp' : 'http'} ${isTcp ? 0 : i}`];
    const short = String(words).replaceAll(/inbound-vip\|(\d+)\|([^|]*)\|api\.example\.com/g, '$1 $2');
    assert.equal(short, expected, `${title}: ${line}`);
  }
}
