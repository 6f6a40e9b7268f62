// Our own answer in the oracle's terms, so that the two can be compared.
import { handshakeOf } from '../../server/src/mesh/destination-rules/handshake.ts';
import { protocolKind } from '../../server/src/names/protocols.ts';
import {
  tlsOfRule,
  upstreamTls,
  type TlsSource,
  type UpstreamTls,
} from '../../server/src/mesh/destination-rules/upstream-tls.ts';
import { bindWaypoint, type WaypointBinding } from '../../server/src/mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../server/src/model/resource.ts';
import type { ServiceEntryPort } from '../../server/src/model/specs.ts';
import { meshFromYaml, type TestMesh } from './mesh-from-yaml.ts';
import type { Answer, HostAnswer, TlsAnswer } from './oracle.ts';

type Ours = Readonly<
  Record<string, Omit<HostAnswer, 'ports'> & { readonly ports: Readonly<Record<string, TlsAnswer | null | 'unknown'>> }>
>;

export function ourAnswer(text: string): Ours {
  const mesh = meshFromYaml(text);
  const entries = mesh.resources.filter((one) => one.kind === 'ServiceEntry');
  return Object.fromEntries(
    entries.flatMap((entry) =>
      entry.spec.hosts.map(({ value: host }) => {
        const binding = bindWaypoint(mesh.mesh, entry);
        return [
          `${entry.namespace}/${entry.name} ${host}`,
          {
            waypoint: waypointOf(binding),
            refused: refusalOf(binding),
            ports: binding.state === 'bound' ? portsOf(mesh, entry, host) : {},
          },
        ];
      }),
    ),
  );
}

/** What Envoy does of an answer: options of HTTP mean nothing behind a TCP chain. */
export function effective(answer: Answer): Answer {
  const ports = (all: HostAnswer['ports']) =>
    Object.entries(all).map(([key, tls]) => [
      key,
      tls && key.endsWith('/tcp') ? { ...tls, autoSni: false, autoSan: false } : tls,
    ]);
  return Object.fromEntries(
    Object.entries(answer).map(([key, host]) => [key, { ...host, ports: Object.fromEntries(ports(host.ports)) }]),
  );
}

/** What each rule that we say could win would make of the port, where we leave it to age. */
export function couldBe(
  text: string,
  entryName: string,
  portNumber: number,
  chain: 'http' | 'tcp',
): readonly (TlsAnswer | null)[] {
  const mesh = meshFromYaml(text);
  const entry = mesh.find('ServiceEntry', entryName);
  const port = entry.spec.ports.find(({ number }) => number?.value === portNumber)!;
  const { choice } = upstreamTls(mesh.mesh, entry, port, entry.spec.hosts[0]!.value);
  if (choice.state !== 'undetermined') return [];
  return choice.candidates.map((rule) => {
    const { mode, tls, portLevel } = tlsOfRule(rule, portNumber);
    return mode && tls ? answerOf({ by: 'DestinationRule', rule, tls, portLevel }, chain, entry) : null;
  });
}

/** What Istio writes of a waypoint that is named and not used. */
export const refusals = {
  missing: 'WaypointIsNotReady',
  'empty-name': 'WaypointIsNotReady',
  'attachment-denied': 'AttachmentDenied',
  'traffic-type': 'UnsupportedTrafficType',
  'cross-namespace': 'CrossNamespaceWaypointForbidden',
};

function refusalOf(binding: WaypointBinding): string | null {
  return binding.state === 'unusable' ? refusals[binding.reason] : null;
}

function waypointOf(binding: WaypointBinding): string | null {
  if (binding.state === 'unknown') return 'unknown';
  return binding.state === 'bound' ? `${binding.gateway.namespace}/${binding.gateway.name}` : null;
}

function portsOf({ mesh }: TestMesh, entry: Resource<'ServiceEntry'>, host: string): Ours[string]['ports'] {
  return Object.fromEntries(
    entry.spec.ports.flatMap((port) =>
      chainsOf(port).map((chain) => [
        `${port.number?.value}/${chain}`,
        tlsOf(upstreamTls(mesh, entry, port, host), chain, entry),
      ]),
    ),
  );
}

function chainsOf({ protocol }: ServiceEntryPort): readonly ('http' | 'tcp')[] {
  const kind = protocolKind(protocol?.value);
  if (kind === 'udp') return [];
  return kind === 'sniffed' ? ['http', 'tcp'] : [kind === 'http' ? 'http' : 'tcp'];
}

function tlsOf(
  upstream: UpstreamTls,
  chain: 'http' | 'tcp',
  entry: Resource<'ServiceEntry'>,
): TlsAnswer | null | 'unknown' {
  if (upstream.state === 'unknown') return 'unknown';
  return upstream.state === 'plain' ? null : answerOf(upstream.source, chain, entry);
}

export function answerOf(
  source: TlsSource,
  chain: 'http' | 'tcp',
  entry: Resource<'ServiceEntry'>,
  proxy?: 'sidecar',
): TlsAnswer {
  const { sni, names, roots } = handshakeOf(source, chain, entry, proxy);
  return {
    sni: sni?.by === 'rule' ? sni.name : null,
    autoSni: sni?.by === 'request',
    autoSan: names.request,
    names: names.listed,
    roots: roots === undefined ? null : secretOfRoots(roots),
    client: clientOf(source),
  };
}

/** The name of the secret that Envoy is given for trusted roots. */
function secretOfRoots(roots: string): string {
  return roots.startsWith('secret ') ? `kubernetes://${roots.slice('secret '.length)}-cacert` : `file-root:${roots}`;
}

function clientOf(source: TlsSource): readonly string[] {
  if (source.by !== 'DestinationRule' || source.tls.mode?.value !== 'MUTUAL') return [];
  const { credentialName, clientCertificate, privateKey } = source.tls;
  return credentialName
    ? [`kubernetes://${credentialName.value}`]
    : [`file-cert:${clientCertificate?.value}~${privateKey?.value}`];
}
