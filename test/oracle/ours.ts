// Our answer in the same words, from the mesh and the evaluator; where something is left open, everything that it may be.
import { policiesAt } from '../../server/src/eval/authz/attached-policies.ts';
import type { Connection } from '../../server/src/eval/authz/connection.ts';
import { evaluate } from '../../server/src/eval/authz/evaluate.ts';
import { dialledFor } from '../../server/src/eval/trace/dialled.ts';
import type { TraceRequest } from '../../server/src/eval/trace/request.ts';
import { chainsOf } from '../../server/src/mesh/routes/chain-of-port.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import { serviceNamespaces } from '../../server/src/mesh/destination-rules/service-namespaces.ts';
import { serviceForClient } from '../../server/src/mesh/hosts/service-for-client.ts';
import { entriesIn } from '../../server/src/mesh/hosts/owners-in.ts';
import { upstreamTls } from '../../server/src/mesh/destination-rules/upstream-tls.ts';
import { virtualAddress } from '../../server/src/mesh/hosts/virtual-address.ts';
import { bindWaypoint, type WaypointBinding } from '../../server/src/mesh/binding/waypoint-binding.ts';
import { rivalsAtWaypoint, servedPort } from '../../server/src/mesh/binding/waypoint-service.ts';
import type { Resource } from '../../server/src/model/resource.ts';
import type { ServiceEntryPort } from '../../server/src/model/specs.ts';
import { meshFromYaml } from '../kit/mesh-from-yaml.ts';
import { authorityOf, displaced, serverNameOf } from './answer.ts';
import { clients } from './queried-names.ts';
import { base, type Profile, type Sample } from './generate.ts';
import type { OurAnswer, OurPortAnswer } from './our-answer.ts';
import { moreOf } from './ours-more.ts';
import { sourceWords, undecidedWords } from './ours-tls.ts';
import { settingsOf } from './settings.ts';
import type { Call } from './policies.ts';
import { refusals } from '../kit/mesh-answer.ts';

type Entry = Resource<'ServiceEntry'>;

export function ourAnswer(sample: Sample, without: ReadonlySet<number>, profile: Profile = base): OurAnswer {
  const { manifests, calls } = sample;
  const text = manifests
    .filter((_, i) => !without.has(i))
    .map((manifest) => JSON.stringify(manifest))
    .join('\n---\n');
  const { mesh, resources } = meshFromYaml(text, {
    settings: settingsOf(sample, profile),
    // The generator is given the objects as they are written: no API server stands before it.
    written: true,
  });
  const bindings: Record<string, string> = {};
  const ports: Record<string, OurPortAnswer> = {};
  for (const entry of resources) {
    if (entry.kind !== 'ServiceEntry' || mesh.discovers(entry.namespace) === false) continue;
    const binding = bindWaypoint(mesh, entry);
    for (const { value: host } of entry.spec.hosts) {
      const key = `${entry.namespace}/${entry.name} ${host}`;
      bindings[key] = bindingWords(binding);
      if (binding.state === 'bound' && profile.asks !== 'routes')
        Object.assign(ports, portsOf(mesh, entry, host, binding.gateway, calls));
    }
  }
  return { bindings, ports, services: servicesOf(mesh, profile.names), more: moreOf(mesh, resources, sample, profile) };
}

/** By `namespace/entry host`, and with ` port/chain` behind it where the waypoint has something for the host. */
function portsOf(
  mesh: Mesh,
  entry: Entry,
  host: string,
  gateway: Resource<'Gateway'>,
  calls: readonly Call[],
): Record<string, OurPortAnswer> {
  // Proxies of other classes are not Istio's generator's to configure.
  if (gateway.spec.gatewayClassName?.value !== 'istio-waypoint') return {};
  const key = `${entry.namespace}/${entry.name} ${host}`;
  const rivals = rivalsAtWaypoint(mesh, entry, host, gateway);
  const isDisplaced = rivals.some((one) => isAlone(mesh, one, host));
  if (rivals.length > 0) return { [key]: { ...displaced, tls: isDisplaced ? [displaced.tls] : undefined } };
  const ports: Record<string, OurPortAnswer> = {};
  for (const port of entry.spec.ports)
    for (const chain of servedPort(mesh.settings, entry, port) === 'no-chain' ? [] : chainsOf(port))
      ports[`${key} ${port.number?.value}/${chain}`] = {
        tls: tlsWords(mesh, entry, port, host, chain),
        calls: calls.map((call) => verdictOf(mesh, { entry, host, port, chain, gateway }, call)).join(''),
        upstream: upstreamWords(mesh, entry, port, host, gateway.namespace),
      };
  return ports;
}

/** Otherwise age decides which entry of its namespace has the host, and so whether it is a rival. */
function isAlone(mesh: Mesh, { namespace }: Resource, host: string): boolean {
  return mesh.hostOwners(host).filter(({ resource }) => resource.namespace === namespace).length === 1;
}

function servicesOf(mesh: Mesh, names: readonly string[]): OurAnswer['services'] {
  return Object.fromEntries(
    clients.flatMap((client) =>
      names.map((name) => [
        `${client} > ${name}`,
        serviceForClient(mesh, name, client)
          .outcomes.map((one) => (one ? `${one.resource.namespace}/${one.resource.name}` : '-'))
          .join('|'),
      ]),
    ),
  );
}

/** The port of a host that is found per request is the request's, and is not compared. `~`: another entry has the host, and age decides whose endpoints are found. */
function upstreamWords(mesh: Mesh, entry: Entry, port: ServiceEntryPort, host: string, namespace: string): string {
  const resolution = entry.spec.resolution?.value ?? 'NONE';
  const request: TraceRequest = {
    scheme: 'http',
    host,
    port: port.number?.value ?? 0,
    path: '/',
    method: 'GET',
    headers: new Map(),
    sni: undefined,
    from: { namespace: 'clients', serviceAccount: 'default', labels: new Map() },
  };
  if (resolution === 'DYNAMIC_DNS') return '(request)';
  // Envoy refuses the cluster that has the endpoints of other entries besides, and traces say so.
  const besides = resolution === 'DNS_ROUND_ROBIN' ? entriesIn(mesh, host, entry.namespace) : [];
  const targets = [
    ...dialledFor(mesh, entry, host, port, { by: 'envoy', request, namespace }),
    ...besides.flatMap((one) =>
      one.spec.ports
        .filter(({ number }) => number?.value === port.number?.value)
        .flatMap((its) => dialledFor(mesh, one, host, its, { by: 'envoy', request })),
    ),
  ];
  const homes = serviceNamespaces(mesh, host, namespace);
  const shared =
    mesh.hostOwners(host).some(({ resource }) => resource.namespace === entry.namespace && resource.id !== entry.id) ||
    homes.length > 1 ||
    homes.some((home) => mesh.hostOwners(host).filter((other) => other.resource.namespace === home).length > 1)
      ? '~'
      : '';
  return (
    shared +
    targets
      .map((target) => `${resolution === 'NONE' ? '(dialled)' : target.address}:${target.port}`)
      .filter((target, i, all) => all.indexOf(target) === i)
      .sort()
      .join(',')
  );
}

function bindingWords(binding: WaypointBinding): string {
  if (binding.state === 'bound') return `${binding.gateway.namespace}/${binding.gateway.name}`;
  if (binding.state === 'unusable') return `!${refusals[binding.reason]}`;
  return binding.state === 'unbound' ? '-' : '?';
}

function tlsWords(
  mesh: Mesh,
  entry: Entry,
  port: ServiceEntryPort,
  host: string,
  chain: 'http' | 'tcp',
): readonly string[] | undefined {
  if (servedPort(mesh.settings, entry, port) === 'no-cluster') return ['no cluster'];
  const upstream = upstreamTls(mesh, entry, port, host);
  if (upstream.state === 'plain') return ['plain'];
  if (upstream.state === 'originated') return [sourceWords(upstream.source, chain, entry)];
  return undecidedWords(upstream.choice, port, chain, entry);
}

interface Place {
  readonly entry: Entry;
  readonly host: string;
  readonly port: ServiceEntryPort;
  readonly chain: 'http' | 'tcp';
  readonly gateway: Resource<'Gateway'>;
}

function verdictOf(mesh: Mesh, place: Place, call: Call): string {
  const { decision, because } = evaluate(
    policiesAt(mesh, place.gateway, place.entry),
    connectionOf(mesh, place, call),
    { providers: mesh.settings.extensionProviders },
  );
  if (decision !== 'unknown') return decision.charAt(0);
  return because.by === 'custom' ? 'c' : '?';
}

function connectionOf(mesh: Mesh, { entry, host, port, chain }: Place, call: Call): Connection {
  const number = port.number?.value ?? 0;
  return {
    source: {
      namespace: call.namespace,
      serviceAccount: call.serviceAccount,
      trustDomain: mesh.settings.trustDomain,
      ip: call.ip,
    },
    destination: { host, port: number, addresses: addressesOf(mesh, entry, host) },
    chain,
    http:
      chain === 'tcp'
        ? undefined
        : {
            method: call.method,
            authority: authorityOf(call, host, number),
            path: call.path,
            headers: new Map(Object.entries(call.headers)),
          },
    sni: serverNameOf(call, host, port.protocol?.value),
  };
}

function addressesOf(mesh: Mesh, entry: Entry, host: string): readonly string[] {
  const address = virtualAddress(mesh, entry, host);
  if (address.state === 'listed') return address.addresses;
  return address.state === 'allocated' ? ['240.240.0.0/16'] : entry.spec.addresses.map(({ value }) => value);
}
