// Egress as a graph of plain data: clients, the gateways that they go through, hosts. What the files say is decided elsewhere.
export type Verdict = 'all' | 'some' | 'none' | 'undetermined';
export type Tls = 'plain' | 'pass-through' | 'originated' | 'mutual' | 'unknown' | 'none';
type FindingSeverity = 'error' | 'warning' | 'information' | 'hint';

export interface EgressGraph<Place> {
  /** Clients whose answers repeat those of their namespace, or of all other clients, are omitted; host `*` and port 0 mean all. */
  readonly short: boolean;
  readonly clients: readonly GraphClient[];
  readonly gateways: readonly GraphGateway<Place>[];
  readonly hosts: readonly GraphHost<Place>[];
  readonly edges: readonly GraphEdge<Place>[];
  readonly findings: readonly GraphFinding<Place>[];
}

export interface GraphClient {
  readonly id: string;
  /** `null`: all clients that no other node stands for. */
  readonly namespace: string | null;
  /** `null`: the accounts of the namespace that have no node. */
  readonly account: string | null;
  /** How a trace names it; a stand-in for those that no file names. */
  readonly from: string;
}

export interface GraphGateway<Place> {
  readonly id: string;
  /** `none`: past every gateway. `unknown`: one that no file names. */
  readonly kind: 'waypoint' | 'gateway' | 'none' | 'unknown';
  readonly namespace: string;
  readonly name: string;
  /** `null` where no file shows it. */
  readonly place: Place | null;
}

export interface GraphHost<Place> {
  readonly id: string;
  /** `*`: all hosts. */
  readonly host: string;
  /** `url`: what a trace may ask for. */
  readonly ports: readonly { readonly number: number; readonly protocol: string | null; readonly url: string }[];
  /** Of its ServiceEntry. */
  readonly place: Place | null;
}

/** What one client may send to one port of a host, and the way there. */
export interface GraphEdge<Place> {
  readonly client: string;
  readonly gateway: string;
  readonly host: string;
  readonly port: number;
  readonly access: Verdict;
  /** What the client may send, in words. */
  readonly allowed: string;
  readonly tls: Tls;
  /** Some of these requests go past the waypoint that is meant for them. */
  readonly bypasses: boolean;
  /** The first places. */
  readonly because: readonly Place[];
  /** How many more there are. */
  readonly becauseMore?: number;
  /** What is taken for granted that no file shows, and what the API server refuses. */
  readonly notes: readonly string[];
  /** Only in a comparison of two graphs. */
  readonly change?: Change;
}

export interface Change {
  readonly what: 'added' | 'removed' | 'changed';
  /** How it is on the other side, in words. */
  readonly before: string;
}

export interface GraphFinding<Place> {
  readonly rule: string;
  readonly severity: FindingSeverity;
  readonly message: string;
  readonly place: Place;
  /** Ids of the clients, gateways and hosts that it is about. */
  readonly nodes: readonly string[];
}

export function clientId(namespace: string | null, account: string | null): string {
  return namespace === null ? 'client:*' : `client:${namespace}/${account ?? '*'}`;
}

export function gatewayId(kind: GraphGateway<unknown>['kind'], namespace = '', name = ''): string {
  return kind === 'none' || kind === 'unknown' ? `gateway:${kind}` : `gateway:${kind}/${namespace}/${name}`;
}

export function hostId(host: string): string {
  return `host:${host}`;
}
