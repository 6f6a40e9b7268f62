// The requests that the manifests declare: for each host and port of a ServiceEntry what a client would send, and for each rule of
// a route at its waypoint one request that the rule takes.
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import { protocolKind } from '../../names/protocols.ts';
import { expectsTls } from '../../mesh/hosts/target-ports.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { authorityOf, clientSni } from './client-bytes.ts';
import { concreteHost } from './concrete-host.ts';
import { isCarried, plainRequest, samplesFor } from './samples-of-routes.ts';
import type { SampleRequest } from './sample-request.ts';
import type { TraceRequest } from './request.ts';

type Entry = Resource<'ServiceEntry'>;

/**
 * A namespace that no file can describe, as its name is not a valid one: its pods count as captured by ztunnel.
 */
export const assumedNamespace = 'any.namespace';

/** Hosts of one entry beyond this many are alike as a rule; they are not followed one by one. */
export const mostHosts = 50;

/** The same of ports. */
const mostPorts = 100;

/** Each host × port × client namespace, in the order of the entry's fields. UDP is not carried by the mesh. */
export function declaredRequests(mesh: Mesh, entry: Entry, clients: readonly string[]): readonly TraceRequest[] {
  return requestsOf(entry, clients, (host, port) => samplesToSend(mesh, entry, host, port));
}

/** The same without the rules of routes. */
export function plainRequests(entry: Entry, clients: readonly string[]): readonly TraceRequest[] {
  return requestsOf(entry, clients, (_, port) => (isCarried(port) ? [plainRequest] : []));
}

function requestsOf(
  entry: Entry,
  clients: readonly string[],
  samplesOf: (host: string, port: ServiceEntryPort) => readonly SampleRequest[],
): readonly TraceRequest[] {
  const hosts = [...new Set(hostsOfEntry(entry).map(concreteHost))].slice(0, mostHosts);
  const address = addressInRange(entry);
  return hosts.flatMap((host) =>
    host === undefined
      ? []
      : entry.spec.ports.slice(0, mostPorts).flatMap((port) =>
          clients.flatMap((namespace) =>
            samplesOf(host, port).map((sample) => {
              const request: TraceRequest = {
                ...sample,
                host,
                port: port.number!.value,
                scheme: schemeOf(port),
                sni: undefined,
                from: { namespace, serviceAccount: 'default', labels: new Map() },
              };
              return address === undefined ? request : dialledAt(request, address);
            }),
          ),
        ),
  );
}

/** Names get no address in the mesh where only ranges are listed: clients reach the mesh where theirs is in one of them. */
function addressInRange({ spec }: Entry): string | undefined {
  const addresses = spec.addresses.map(({ value }) => value);
  if (addresses.length === 0 || !addresses.every((address) => address.includes('/'))) return undefined;
  return addresses[0]!.replace(/\/.*$/, '');
}

/** The same request by a client that resolved the name to the address. */
function dialledAt(request: TraceRequest, address: string): TraceRequest {
  const authority = authorityOf(request);
  return {
    ...request,
    host: address,
    sni: clientSni(request),
    headers: request.scheme === 'http' ? new Map([['host', authority], ...request.headers]) : request.headers,
  };
}

/** What clients speak to the port, as far as its protocol and number tell. */
export function schemeOf({ protocol, number }: ServiceEntryPort): TraceRequest['scheme'] {
  const kind = protocolKind(protocol?.value);
  if (kind === 'http') return 'http';
  if (kind === 'tls') return 'https';
  return expectsTls(number!.value) ? 'https' : 'tcp';
}

/** Where no rule's condition can be met by a request that is made up, a plain one shows the way to the routes. */
function samplesToSend(mesh: Mesh, entry: Entry, host: string, port: ServiceEntryPort): readonly SampleRequest[] {
  const { samples, isComplete } = samplesFor(mesh, entry, host, port);
  return samples.length > 0 || isComplete ? samples : [plainRequest];
}
