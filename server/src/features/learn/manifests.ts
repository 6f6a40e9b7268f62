// The manifests that a host of the log needs, as text with comments.
import { visibleLine } from '../../base/visible.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { expectsTls } from '../../mesh/hosts/target-ports.ts';
import type { Kind } from '../../model/kinds.ts';
import { dataplaneMode, useWaypoint } from '../../model/label-names.ts';
import type { PlainMap } from '../../yaml/plain.ts';
import { indented, itemLines, printDocument } from '../../yaml/print.ts';
import { DEFAULT_STYLE } from '../../yaml/style.ts';
import type { Flow } from './flows.ts';
import { rulesFor, sumOf, type LearnedRule } from './rules-of-flows.ts';
import type { HostNeed } from './need.ts';

/** Where new manifests go, and what serves them. */
export interface Home {
  readonly namespace: string;
  readonly waypoint: string;
  /** Its ServiceEntries use the waypoint without a label of their own. */
  readonly isLabelled: boolean;
}

/** Names that are taken grow with each manifest. */
export class Names {
  readonly #mesh: Mesh;
  readonly #taken = new Set<string>();

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
  }

  /** The name, with a number behind it where a kind has it already. */
  free(kinds: readonly Kind[], namespace: string, wanted: string): string {
    const isTaken = (name: string) =>
      kinds.some(
        (kind) => this.#taken.has(`${kind} ${namespace}/${name}`) || this.#mesh.named(kind, namespace, name).length > 0,
      );
    let name = wanted;
    for (let n = 2; isTaken(name); n++) name = `${wanted}-${n}`;
    for (const kind of kinds) this.#taken.add(`${kind} ${namespace}/${name}`);
    return name;
  }
}

export function homeText({ namespace, waypoint }: Home): readonly string[] {
  return [
    printDocument({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { [dataplaneMode]: 'ambient', [useWaypoint]: waypoint } },
    }),
    printDocument({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: waypoint, namespace },
      spec: {
        gatewayClassName: 'istio-waypoint',
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
      },
    }),
  ];
}

/** A ServiceEntry, a DestinationRule where TLS was originated, and a policy. */
export function hostText(need: HostNeed, home: Home, names: Names): readonly string[] {
  const kinds = ['ServiceEntry', 'DestinationRule', 'AuthorizationPolicy'] as const;
  const name = names.free(kinds, home.namespace, nameFrom(need.place));
  const host = need.isAddress ? `address-${nameFrom(need.place)}.internal` : need.place;
  const metadata = { name, namespace: home.namespace };
  const ports = portsOf(need.flows);
  const entry: PlainMap = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { ...metadata, ...(home.isLabelled ? {} : { labels: { [useWaypoint]: home.waypoint } }) },
    spec: {
      hosts: [host],
      ...(need.isAddress ? { addresses: [need.place] } : {}),
      ports,
      // An endpoint at the address itself would lead past the waypoint: server/docs/istio-semantics.md §1.24, §2.4.
      resolution: need.isAddress ? 'NONE' : 'DNS',
    },
  };
  const comment = `${commentLine(`${need.place}: ${sumOf(need.flows)}`)}\n`;
  const originates = ports.some((port) => 'targetPort' in port);
  return [
    `${comment}${printDocument(entry)}`,
    ...(originates ? [ruleText(metadata, host)] : []),
    policyText(metadata, name, rulesFor(need.flows, true)),
  ];
}

/** What a log says can hold line breaks, which would end the comment. */
function commentLine(text: string): string {
  return `# ${visibleLine(text)}`;
}

function ruleText(metadata: PlainMap, host: string): string {
  const rule = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata,
    spec: { host, trafficPolicy: { tls: { mode: 'SIMPLE' } } },
  };
  return `# Clients spoke plain HTTP and the proxy dialed a TLS port: TLS is originated.\n${printDocument(rule)}`;
}

/** ALLOW policies of one host add up: the ones that exist stay as they are. */
export function policyText(metadata: PlainMap, entry: string, rules: readonly LearnedRule[]): string {
  const head = printDocument({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata,
    spec: {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: entry }],
      action: 'ALLOW',
    },
  });
  const lines = rules.flatMap(({ rule, comments }) => [
    ...comments.map(commentLine),
    ...itemLines(rule, DEFAULT_STYLE),
  ]);
  return `${head}  rules:\n${indented(lines, 2).join('\n')}\n`;
}

type Port = PlainMap & { readonly number: number };

/** A port has one protocol: that of most requests. */
export function portsOf(flows: readonly Flow[]): readonly Port[] {
  const numbers = [...new Set(flows.map(({ port }) => port))].toSorted((a, b) => a - b);
  return numbers.map((number) => {
    const here = flows.filter(({ port }) => port === number);
    const counts = new Map<Flow['protocol'], number>();
    for (const { protocol, count } of here) counts.set(protocol, (counts.get(protocol) ?? 0) + count);
    const [protocol] = [...counts].toSorted(([, a], [, b]) => b - a)[0]!;
    const dialed =
      protocol === 'HTTP' ? here.find(({ dialedPort }) => dialedPort !== undefined)?.dialedPort : undefined;
    // On a port for HTTP the proxy speaks HTTP/1.1 to the server, which ends gRPC.
    const written = protocol === 'HTTP' && here.every(({ isGrpc }) => isGrpc) ? 'GRPC' : protocol;
    const isOriginated = dialed !== undefined && dialed !== number && expectsTls(dialed);
    return {
      number,
      name: `${written.toLowerCase()}-${number}`,
      protocol: written,
      ...(isOriginated ? { targetPort: dialed } : {}),
    };
  });
}

function nameFrom(place: string): string {
  return place
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50);
}
