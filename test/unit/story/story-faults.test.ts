// `check` on the story with one fault each: one finding, of the rule that names it, on the node to edit.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { run } from '../../../server/src/cli/run.ts';
import { cliHost } from '../../../server/src/host/node/cli-host.ts';
import { documentRules, pages, rules as shipped } from '../../../server/src/rules/index.gen.ts';

const root = join(import.meta.dirname, '../../..');
const dir = mkdtempSync(join(tmpdir(), 'istio-egress-faults-'));
after(() => rmSync(dir, { recursive: true, force: true }));

interface Fault {
  readonly fault: string;
  /** Of the one finding, or of each where there are two faults. */
  readonly rules: readonly string[];
  readonly severity?: string;
  /** The text of each finding's place. */
  readonly nodes: readonly string[];
  /** Replacements of text that must be there. */
  readonly edit?: readonly (readonly [file: string, from: string, to: string])[];
  /** A file beside the others. */
  readonly add?: string;
}

const meta = (name: string) => `metadata: { name: ${name}, namespace: common-infrastructure }\n`;
const route = (parent: string, backend: string) =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n${meta('httpbin')}` +
  `spec:\n  parentRefs:\n  - { group: networking.istio.io, kind: ServiceEntry, name: ${parent} }\n` +
  `  rules:\n  - backendRefs:\n    - { group: networking.istio.io, kind: Hostname, name: ${backend}, port: 80 }\n`;
const virtualService = (host: string, gateways: string) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\n${meta('httpbin')}` +
  `spec:\n  hosts: [httpbin.org]\n  gateways: ${gateways}\n  http:\n  - route:\n    - destination: { host: ${host} }\n`;
const conflicting = (namespace: string, protocol: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: zz-again, namespace: ${namespace} }\n` +
  `spec:\n  hosts: [httpbin.org]\n  ports: [{ number: 80, name: other, protocol: ${protocol} }]\n  resolution: DNS\n`;
const secondRule = `apiVersion: networking.istio.io/v1\nkind: DestinationRule\n${meta('httpbin')}spec:\n  host: httpbin.org\n  trafficPolicy: { tls: { mode: SIMPLE, sni: httpbin.org } }\n`;

const policy = 'authorization-policy.yaml';
const gatewayTarget = 'group: gateway.networking.k8s.io\n    kind: Gateway\n    name: egress-gatway';

const faults: readonly Fault[] = [
  {
    fault: 'a misspelt host of a DestinationRule',
    rules: ['unknown-destination-host'],
    nodes: ['httpbin.ogr'],
    edit: [['destination-rule.yaml', 'host: httpbin.org', 'host: httpbin.ogr']],
  },
  {
    fault: 'TLS twice',
    rules: ['double-tls'],
    nodes: ['SIMPLE'],
    edit: [
      [
        'service-entry.yaml',
        'number: 80\n    name: http\n    protocol: HTTP\n    targetPort: 443',
        'number: 443\n    name: https\n    protocol: HTTPS',
      ],
      [policy, '    to:\n    - operation:\n        methods: [GET]\n', ''],
    ],
  },
  {
    fault: 'a policy for a ServiceEntry that is not there',
    rules: ['unknown-policy-target'],
    nodes: ['httpbim'],
    edit: [[policy, 'kind: ServiceEntry\n    name: httpbin', 'kind: ServiceEntry\n    name: httpbim']],
  },
  {
    fault: 'a policy for a Gateway that is not there',
    rules: ['unknown-policy-target'],
    nodes: ['egress-gatway'],
    edit: [[policy, 'group: networking.istio.io\n    kind: ServiceEntry\n    name: httpbin', gatewayTarget]],
  },
  {
    fault: 'an unknown source namespace',
    rules: ['unknown-source-namespace'],
    nodes: ['defualt'],
    edit: [[policy, 'serviceAccounts: [default/curl]', 'namespaces: [defualt]']],
  },
  {
    fault: 'an unknown service account',
    rules: ['unknown-service-account'],
    nodes: ['default/crul'],
    edit: [[policy, 'default/curl]', 'default/crul]']],
  },
  {
    fault: 'a host of a policy that nothing has',
    rules: ['unknown-policy-host'],
    nodes: ['httpbin.com'],
    edit: [[policy, 'methods: [GET]', 'methods: [GET]\n        hosts: [httpbin.com]']],
  },
  {
    fault: 'a waypoint that is not there',
    rules: ['unknown-waypoint'],
    nodes: ['egress-gatway'],
    edit: [['namespace.yaml', 'use-waypoint: egress-gateway', 'use-waypoint: egress-gatway']],
  },
  {
    fault: 'an HTTPRoute of a parent that is not there',
    rules: ['unknown-route-parent'],
    nodes: ['httpbim'],
    add: route('httpbim', 'httpbin.org'),
  },
  {
    fault: 'an HTTPRoute to a backend that is not there',
    rules: ['unknown-route-backend'],
    nodes: ['httpbin.com'],
    add: route('httpbin', 'httpbin.com'),
  },
  {
    fault: 'a Telemetry for a Gateway that is not there',
    rules: ['unknown-policy-target'],
    nodes: ['egress-gatway'],
    edit: [['telemetry.yaml', 'name: egress-gateway', 'name: egress-gatway']],
  },
  {
    fault: 'an unknown provider of a Telemetry',
    rules: ['unknown-telemetry-provider'],
    nodes: ['envoi'],
    edit: [['telemetry.yaml', 'name: envoy', 'name: envoi']],
  },
  {
    fault: 'two protocols on one port',
    rules: ['conflicting-port-protocol'],
    nodes: ['TCP'],
    add: conflicting('common-infrastructure', 'TCP'),
  },
  {
    fault: 'TLS and plaintext on one port',
    rules: ['conflicting-port-protocol'],
    nodes: ['HTTPS'],
    add: conflicting('common-infrastructure', 'HTTPS'),
  },
  {
    fault: 'two protocols on one port, in two namespaces',
    rules: ['conflicting-port-protocol'],
    nodes: ['TCP'],
    add: conflicting('default', 'TCP'),
  },
  {
    fault: 'a resource that is there twice in one file',
    rules: ['duplicate-resource'],
    severity: 'error',
    nodes: ['httpbin'],
    edit: [['destination-rule.yaml', 'mode: SIMPLE\n', `mode: SIMPLE\n---\n${secondRule}`]],
  },
  {
    fault: 'a resource that is there twice in two files',
    rules: ['duplicate-resource'],
    severity: 'information',
    nodes: ['httpbin'],
    add: secondRule,
  },
  {
    fault: 'a VirtualService to an unknown host',
    rules: ['unknown-route-host'],
    nodes: ['httpbin.com'],
    add: virtualService('httpbin.com', '[mesh]'),
  },
  {
    fault: 'a VirtualService of an unknown gateway',
    rules: ['unknown-gateway'],
    nodes: ['egres'],
    add: virtualService('httpbin.org', '[mesh, egres]'),
  },
  {
    fault: 'a VirtualService with both',
    rules: ['unknown-gateway', 'unknown-route-host'],
    nodes: ['egres', 'httpbin.com'],
    add: virtualService('httpbin.com', '[mesh, egres]'),
  },
];

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly range: { readonly start: Place; readonly end: Place };
}
interface Place {
  readonly line: number;
  readonly character: number;
}

for (const [i, { fault, rules, severity = 'warning', nodes, edit = [], add }] of faults.entries()) {
  test(`${fault}: ${rules.join(' and ')}`, () => {
    const folder = join(dir, String(i));
    cpSync(join(root, 'examples'), folder, { recursive: true });
    for (const [file, from, to] of edit) {
      const text = readFileSync(join(folder, file), 'utf8');
      assert.ok(text.includes(from), `${file} has no "${from}"`);
      writeFileSync(join(folder, file), text.replace(from, to));
    }
    if (add !== undefined) writeFileSync(join(folder, 'second.yaml'), add);
    const { code, out } = command('check', '--format', 'json', folder);
    const { findings } = JSON.parse(out) as { findings: readonly Found[] };
    assert.equal(code, severity === 'information' ? 0 : 1);
    assert.deepEqual(
      findings.map((one) => [one.rule, one.severity, nodeOf(folder, one)]),
      rules.map((rule, n) => [rule, severity, nodes[n]]),
    );
  });
}

test('each of these rules is explained', () => {
  for (const rule of new Set(faults.flatMap(({ rules }) => rules))) {
    const { code, out } = command('explain', rule);
    assert.equal(code, 0, rule);
    assert.match(out, new RegExp(`^# ${rule}\n[^]*## Why\n[^]*## Fails`), rule);
  }
});

function nodeOf(folder: string, { file, range: { start, end } }: Found): string | undefined {
  return readFileSync(resolve(folder, file), 'utf8').split('\n')[start.line]?.slice(start.character, end.character);
}

function command(...args: readonly string[]): { readonly code: unknown; readonly out: string } {
  const out: string[] = [];
  const host = {
    ...cliHost('0', () => assert.fail('no server is asked for')),
    stdout: (text: string) => void out.push(text),
  };
  return {
    code: run(args, host, { rules: shipped, documentRules, pages: new Map(Object.entries(pages)) }),
    out: out.join(''),
  };
}
