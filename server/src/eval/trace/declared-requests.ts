// The requests that the manifests declare: for each host and port of a ServiceEntry what a client would send, and for each rule of
// a route at its waypoint one request that the rule takes.
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { expectsTls } from '../../mesh/hosts/target-ports.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { httpUnits } from '../../mesh/routes/route-units.ts';
import { chainsOf } from '../../mesh/routes/chain-of-port.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { sampleRequest, type SampleRequest } from './sample-request.ts';
import type { TraceRequest } from './request.ts';

type Entry = Resource<'ServiceEntry'>;

/**
 * A namespace that no file can describe, as its name is not a valid one: its pods count as captured by ztunnel.
 */
export const assumedNamespace = 'any.namespace';

/** Hosts of one entry beyond this many are alike as a rule; they are not followed one by one. */
export const mostHosts = 50;

/** Each host × port × client namespace, in the order of the entry's fields. UDP is not carried by the mesh. */
export function declaredRequests(mesh: Mesh, entry: Entry, clients: readonly string[]): readonly TraceRequest[] {
  const hosts = dialledHosts(entry);
  return hosts.slice(0, mostHosts).flatMap((host) =>
    host === undefined
      ? []
      : entry.spec.ports.flatMap((port) =>
          clients.flatMap((namespace) =>
            samplesFor(mesh, entry, host, port).samples.map(
              (sample): TraceRequest => ({
                ...sample,
                host,
                port: port.number!.value,
                scheme: schemeOf(port),
                sni: undefined,
                from: { namespace, serviceAccount: 'default', labels: new Map() },
              }),
            ),
          ),
        ),
  );
}

/** What clients dial: of an entry that lists ranges only, an address in the first one; else its hosts. */
function dialledHosts({ spec }: Entry): readonly (string | undefined)[] {
  const addresses = spec.addresses.map(({ value }) => value);
  if (addresses.length > 0 && addresses.every((address) => address.includes('/')))
    return [addresses[0]!.replace(/\/.*$/, '')];
  return [...new Set(spec.hosts.map(({ value }) => concreteHost(normalizeHost(value))))];
}

/** A host that a client can call: for a wildcard, any matching name; for `*`, none. */
export function concreteHost(host: string): string | undefined {
  if (host === '*') return undefined;
  return host.startsWith('*.') ? `any${host.slice(1)}` : host;
}

/** What clients speak to the port, as far as its protocol and number tell. */
export function schemeOf({ protocol, number }: ServiceEntryPort): TraceRequest['scheme'] {
  const kind = protocolKind(protocol?.value);
  if (kind === 'http') return 'http';
  if (kind === 'tls') return 'https';
  return expectsTls(number!.value) ? 'https' : 'tcp';
}

export const plainRequest: SampleRequest = { path: '/', method: 'GET', headers: new Map() };

export interface Samples {
  readonly samples: readonly SampleRequest[];
  /** Whether they stand for every way that requests to the port can go. */
  readonly isComplete: boolean;
}

/** A plain request, or one for each rule of a route that takes requests to the port at its waypoint. */
export function samplesFor(mesh: Mesh, entry: Entry, host: string, port: ServiceEntryPort): Samples {
  if (port.number === undefined || protocolKind(port.protocol?.value) === 'udp')
    return { samples: [], isComplete: true };
  const plain = { samples: [plainRequest], isComplete: true };
  const binding = bindWaypoint(mesh, entry);
  if (binding.state !== 'bound' || !chainsOf(port).includes('http')) return plain;
  const question = { entry, host, port: port.number.value, chain: 'http', waypoint: binding.gateway } as const;
  const conditions = httpUnits(mesh, question).flatMap(
    ({ entries }) => entries?.map(({ condition }) => condition) ?? [],
  );
  if (conditions.length === 0) return plain;
  const found = conditions.map((condition) => (condition ? sampleRequest(condition) : plainRequest));
  const samples = found.filter((sample) => sample !== undefined);
  return { samples, isComplete: samples.length === found.length };
}
