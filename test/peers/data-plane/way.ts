// What ztunnel does with a connection of the client's, by what the API server and istiod say: labels of namespaces, addresses and
// bindings in statuses. Nothing of the product is asked.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface Meta {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}
export interface Pod {
  readonly kind: 'Pod';
  readonly metadata: Meta;
  readonly spec: { readonly serviceAccountName?: string };
  readonly status: { readonly phase?: string; readonly podIP?: string };
}
export interface ServiceEntry {
  readonly kind: 'ServiceEntry';
  readonly metadata: Meta;
  readonly spec: {
    readonly hosts: readonly string[];
    readonly ports?: readonly { readonly number: number; readonly targetPort?: number }[];
  };
  readonly status?: {
    readonly addresses?: readonly { readonly host?: string; readonly value: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}
interface Namespace {
  readonly kind: 'Namespace';
  readonly metadata: Meta;
}
export type Live = readonly (Pod | ServiceEntry | Namespace)[];

export async function readLive(): Promise<Live> {
  const { stdout } = await promisify(execFile)(
    'kubectl',
    ['get', 'pods,serviceentries.networking.istio.io,namespaces', '-A', '-o', 'json'],
    { maxBuffer: 1 << 28 },
  );
  return (JSON.parse(stdout) as { items: Live }).items;
}

export interface Through {
  readonly to: 'waypoint';
  readonly client: Pod;
  /** The host as the entry has it, which may be a wildcard. */
  readonly host: string;
  readonly vip: string;
  readonly waypoint: { readonly namespace: string; readonly name: string; readonly ip: string };
}
export type Way =
  | Through
  /** Nobody of the mesh looks at it: the outside world is dialled at this port. */
  | { readonly to: 'world'; readonly port: number }
  | { readonly to: 'nowhere'; readonly why: string };

/** Throws where more than this stand-in can tell is needed. */
export function wayOf(live: Live, host: string, port: number): Way {
  const client = live.find(
    (one): one is Pod =>
      one.kind === 'Pod' &&
      one.metadata.namespace === 'default' &&
      one.metadata.labels?.['app'] === 'curl' &&
      one.status.phase === 'Running',
  );
  if (!client) throw new Error('no pod with app: curl runs in the namespace default');
  if (!isCaptured(live, client)) return { to: 'world', port };
  const entry = entryFor(live, host);
  if (!entry) return { to: 'world', port };
  const listed = entry.spec.ports?.find(({ number }) => number === port);
  if (!listed) return { to: 'nowhere', why: `the address of ${host} has no port ${port}` };
  const waypoint = boundTo(entry);
  if (!waypoint) return { to: 'world', port: listed.targetPort ?? port };
  const pod = live.find(
    (one): one is Pod =>
      one.kind === 'Pod' &&
      one.metadata.namespace === waypoint.namespace &&
      one.metadata.labels?.['gateway.networking.k8s.io/gateway-name'] === waypoint.name &&
      one.status.phase === 'Running',
  );
  if (!pod) return { to: 'nowhere', why: `no pod of the waypoint ${waypoint.namespace}/${waypoint.name} runs` };
  const pattern = entry.spec.hosts.find((one) => matches(one, host))!;
  const vip =
    entry.status?.addresses?.find((one) => (one.host ?? pattern) === pattern && !one.value.includes(':'))?.value ?? '-';
  return { to: 'waypoint', client, host: pattern, vip, waypoint: { ...waypoint, ip: pod.status.podIP ?? '-' } };
}

function isCaptured(live: Live, { metadata: { namespace, labels } }: Pod): boolean {
  const space = live.find((one) => one.kind === 'Namespace' && one.metadata.name === namespace);
  const mode = 'istio.io/dataplane-mode';
  return (labels?.[mode] ?? space?.metadata.labels?.[mode]) === 'ambient';
}

function entryFor(live: Live, host: string): ServiceEntry | undefined {
  const found = live.filter(
    (one): one is ServiceEntry =>
      one.kind === 'ServiceEntry' && one.spec.hosts.some((pattern) => matches(pattern, host)),
  );
  if (found.length > 1)
    throw new Error(`several ServiceEntries hold ${host}: which of them counts is not decided here`);
  return found[0];
}

function matches(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

/** istiod's own word on the entry. */
function boundTo({ status }: ServiceEntry): { readonly namespace: string; readonly name: string } | undefined {
  const bound = status?.conditions?.find(({ type }) => type === 'istio.io/WaypointBound');
  const [, namespace, name] = (bound?.status === 'True' && /waypoint (\S+)\/(\S+)/.exec(bound.message ?? '')) || [];
  return namespace && name ? { namespace, name } : undefined;
}
