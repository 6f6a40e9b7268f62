// The story with one fault each, and with the rule that names it.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lsp-client.ts';

export interface StoryFault {
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

export const storyFaults: readonly StoryFault[] = [
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
  {
    fault: 'a misspelt value',
    rules: ['invalid-value'],
    severity: 'error',
    nodes: ['DSN'],
    edit: [['service-entry.yaml', 'resolution: DNS', 'resolution: DSN']],
  },
  {
    fault: 'a misspelt field',
    rules: ['unknown-field'],
    severity: 'error',
    nodes: ['mehtods'],
    edit: [[policy, 'methods:', 'mehtods:']],
  },
  {
    fault: 'a misspelt kind',
    rules: ['unknown-kind'],
    severity: 'error',
    nodes: ['DestinationRul'],
    edit: [['destination-rule.yaml', 'kind: DestinationRule', 'kind: DestinationRul']],
  },
  {
    fault: 'a misspelt key of the object',
    rules: ['mistyped-resource'],
    severity: 'error',
    nodes: ['piVersion'],
    edit: [[policy, 'apiVersion', 'piVersion']],
  },
  {
    fault: 'a misspelt method',
    rules: ['policy-never-matches'],
    nodes: ['GTE'],
    edit: [[policy, 'methods: [GET]', 'methods: [GTE]']],
  },
];

/** Copies the story into the folder and puts the fault in. */
export function writeStoryFault(folder: string, { edit = [], add }: StoryFault): void {
  cpSync(join(root, 'examples'), folder, { recursive: true });
  for (const [file, from, to] of edit) {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
    writeFileSync(join(folder, file), text.replace(from, to));
  }
  if (add !== undefined) writeFileSync(join(folder, 'second.yaml'), add);
}
