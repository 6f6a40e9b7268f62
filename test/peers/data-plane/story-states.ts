// The story's manifests, each time with one thing changed: what a request then does is compared with what trace says of it.
import { storyFiles, traceOf } from '../../kit/trace.ts';

export interface StoryState {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
}

export function storyStates(): readonly StoryState[] {
  const { 'story.egress-test.yaml': _, ...story } = storyFiles();
  const changed = (name: string, file: string, from: string, to: string): StoryState => {
    const text = story[file] ?? '';
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    return { name, files: { ...story, [file]: text.replace(from, to) } };
  };
  const { 'authorization-policy.yaml': _policy, ...open } = story;
  const without = (name: string, file: string): StoryState => {
    const { [file]: _left, ...files } = story;
    return { name, files };
  };
  return [
    { name: 'as it is', files: story },
    without('without the DestinationRule', 'destination-rule.yaml'),
    { name: 'without the policy', files: open },
    changed('the policy names another account', 'authorization-policy.yaml', 'default/curl', 'default/other'),
    changed('the namespace has no waypoint', 'namespace.yaml', 'istio.io/use-waypoint: egress-gateway', 'team: none'),
    changed('the client is not captured', 'client.yaml', 'istio.io/dataplane-mode: ambient', 'team: none'),
    changed('the port of the host is 80', 'service-entry.yaml', '    targetPort: 443\n', ''),
    changed('the port is TCP', 'service-entry.yaml', 'protocol: HTTP', 'protocol: TCP'),
    changed(
      'the host is an address',
      'service-entry.yaml',
      'resolution: DNS',
      'resolution: STATIC\n  endpoints: [{ address: 192.0.2.10 }]',
    ),
    changed('nothing is verified', 'destination-rule.yaml', 'SIMPLE', 'SIMPLE\n      insecureSkipVerify: true'),
    changed('TLS is off', 'destination-rule.yaml', 'SIMPLE', 'DISABLE'),
    { name: 'a path is denied', files: { ...story, 'denied.yaml': denied } },
    { name: 'a route has only one path', files: { ...open, 'routed.yaml': routed } },
  ];
}

const denied = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-get, namespace: common-infrastructure }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: httpbin }]
  action: DENY
  rules: [{ to: [{ operation: { paths: [/get] } }] }]
`;

const routed = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: only-status, namespace: common-infrastructure }
spec:
  parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: httpbin }]
  rules:
  - matches: [{ path: { type: PathPrefix, value: /status } }]
    backendRefs: [{ group: networking.istio.io, kind: Hostname, name: httpbin.org, port: 80 }]
`;

/** Each differs from the others in what a policy, a port, a route or the mesh makes of it. */
export const storyRequests = [
  { method: 'GET', url: 'http://httpbin.org/get' },
  { method: 'GET', url: 'http://httpbin.org/status/200' },
  { method: 'POST', url: 'http://httpbin.org/post' },
  { method: 'GET', url: 'https://httpbin.org/get' },
  { method: 'GET', url: 'http://elsewhere.example/get' },
] as const;
export type StoryRequest = (typeof storyRequests)[number];

/** By trace: who answers, with which status, and what the gateway logs of it. */
export function expectedOf(files: Readonly<Record<string, string>>, request: StoryRequest): string {
  const { verdict, log } = traceOf(files, { ...request, from: 'default/curl' });
  if (log?.status !== undefined) return `waypoint ${log.status}, logged ${log.status} ${log.upstreamCluster}`;
  return log || verdict === 'fails' ? 'nobody' : 'site';
}

/** `KIND/NAME --namespace=NAMESPACE` of the first manifest of a file, as `kubectl delete` takes it. */
export function namesIn(text: string): string {
  const [, kind = ''] = /^kind: (\w+)/m.exec(text) ?? [];
  const [, name = ''] = /\bname: ([\w-]+)/.exec(text) ?? [];
  const [, home = 'default'] = /\bnamespace: ([\w-]+)/.exec(text) ?? [];
  return `${kind === 'Gateway' ? 'gtw' : kind.toLowerCase()}/${name} --namespace=${home}`;
}
