// Faults of sets of an egress gateway that are about pods, sidecars and policies; with what all faults are written with.
import type { classicSets } from './classic-sets.ts';

export type SetName = keyof typeof classicSets;
export type Files = Readonly<Record<string, string>>;

export interface Fault {
  readonly row: string;
  /** Of which sets; undefined means all. */
  readonly of?: readonly SetName[];
  readonly change: (files: Files) => Files;
}

export const gatewayHost = 'istio-egressgateway.istio-system.svc.cluster.local';

export const change = (file: string, from: string | RegExp, to: string) => (files: Files) => ({
  ...files,
  [file]: files[file]!.replace(from, to),
});
const add = (file: string, text: string) => (files: Files) => ({ ...files, [file]: text });
const policy = (namespace: string, spec: string) =>
  add(
    'policy.yaml',
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: callers, namespace: ${namespace} }
spec: ${spec}
`,
  );
export const rule = (name: string, host: string, policyOf: string) =>
  add(
    `${name}.yaml`,
    `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: shop }
spec: { host: "${host}", trafficPolicy: { ${policyOf} } }
`,
  );
const pod = (metadata: string) =>
  add(
    'pod.yaml',
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: reader, namespace: shop }
spec:
  selector: { matchLabels: { app: reader } }
  template:
    metadata: ${metadata}
    spec:
      serviceAccountName: reader
      containers: [{ name: reader, image: reader }]
`,
  );
export const sidecar = (spec: string) =>
  add(
    'sidecar.yaml',
    `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: ${spec}
`,
  );
const atGateway = '{ matchLabels: { istio: egressgateway } }';

export const podFaults: readonly Fault[] = [
  {
    row: 'L.56 ports left out',
    change: pod(
      '{ labels: { app: reader }, annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: "80,443" } }',
    ),
  },
  { row: 'L.57 a pod without sidecar', change: pod('{ labels: { app: reader, sidecar.istio.io/inject: "false" } }') },
  { row: 'L.57 no injection', change: change('namespace.yaml', 'enabled', 'disabled') },
  {
    row: 'L.58 a policy elsewhere',
    change: policy(
      'shop',
      `{ selector: ${atGateway}, rules: [{ to: [{ operation: { hosts: [other.example.com] } }] }] }`,
    ),
  },
  {
    row: 'L.59 a policy for accounts',
    change: policy(
      'istio-system',
      `{ selector: ${atGateway}, rules: [{ from: [{ source: { serviceAccounts: [shop/reader] } }] }] }`,
    ),
  },
  {
    row: 'L.60 a policy for ports of the Service',
    change: policy(
      'istio-system',
      `{ selector: ${atGateway}, rules: [{ to: [{ operation: { ports: ["80", "443"] } }] }] }`,
    ),
  },
  {
    row: 'L.61 a policy for hosts',
    change: policy(
      'istio-system',
      `{ selector: ${atGateway}, rules: [{ to: [{ operation: { hosts: [news.example.com] } }] }] }`,
    ),
  },
  {
    row: 'L.62 a DENY of methods',
    change: policy(
      'istio-system',
      `{ selector: ${atGateway}, action: DENY, rules: [{ to: [{ operation: { methods: [POST] } }] }] }`,
    ),
  },
  {
    row: 'L.63 a policy for the server name',
    of: ['http'],
    change: policy(
      'istio-system',
      `{ selector: ${atGateway}, rules: [{ when: [{ key: connection.sni, values: [news.example.com] }] }] }`,
    ),
  },
  {
    row: 'L.65 a policy at the client',
    change: policy(
      'shop',
      '{ selector: { matchLabels: { app: reader } }, action: DENY, rules: [{ to: [{ operation: { hosts: [news.example.com] } }] }] }',
    ),
  },
];
