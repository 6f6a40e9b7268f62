// Whether a client's sidecar looks for HTTP on a port: only there does it answer plaintext requests to names that it does not know.
// server/docs/istio-semantics-classic.md §C.10, §C.41.
import type { Resource } from '../../model/resource.ts';
import { listedAtSidecar, type Owner } from '../hosts/owners-at-proxy.ts';
import type { Mesh } from '../mesh.ts';
import { hostsOfEntry } from '../hosts/hosts-of-entry.ts';
import { matchesWholePort } from '../hosts/whole-port.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { serviceHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { hostOfGateway, isManaged } from './managed-gateway.ts';
import { hasHttpPort } from '../index/keys.ts';
import { importsHost, servicesSeen, sidecarsFor, type SidecarClient } from './sidecar-scope.ts';

/** One imported service with an HTTP port of that number is enough. Undefined if none is in the files and the cluster may have one. */
export function hasHttpListener(mesh: Mesh, client: SidecarClient, port: number): boolean | undefined {
  const found = listenerOn(mesh, client, { port, detected: true });
  return found === 'by-age' ? undefined : found;
}

/** Whether it is there only where some of the services of a host are older than others. */
export function hasHttpListenerByAge(mesh: Mesh, client: SidecarClient, port: number): boolean {
  return listenerOn(mesh, client, { port, detected: true }) === 'by-age';
}

/**
 * Whether an entry's port whose protocol is detected has bytes only where it is older than the services with HTTP on it.
 * istio@86c9f01 pilot/pkg/networking/core/listener.go buildSidecarOutboundListener.
 */
export function yieldsToHttp(mesh: Mesh, client: SidecarClient, { protocol, number }: ServiceEntryPort): boolean {
  if (protocolKind(protocol?.value) !== 'sniffed' || !number) return false;
  const found = listenerOn(mesh, client, { port: number.value, detected: false });
  return found === true || found === 'by-age';
}

interface Sought {
  readonly port: number;
  /** Whether ports whose protocol is detected count. */
  readonly detected: boolean;
}

/** Nearly always one of the first is imported; then nothing depends on the others, of which a mesh can have thousands. */
const triedFirst = 20;

function listenerOn(mesh: Mesh, client: SidecarClient, sought: Sought): Imported {
  const { namespace, labels, sidecar } = client;
  const key = JSON.stringify([namespace, [...labels], sidecar?.id, sought.port, sought.detected]);
  return mesh.derived(`HTTP listener ${key}`, (view) => {
    const isSure = (owner: HttpOwner) => isImported(view, client, owner, sought) === true;
    // Of one host in thousands of namespaces, a client is given that of its own.
    const own = view.inNamespace('ServiceEntry', namespace).filter((entry) => hasHttpPort(entry, sought.port));
    return (
      own.slice(0, triedFirst).some(isSure) ||
      view.firstOwnersOnHttpPort(sought.port, triedFirst).some(isSure) ||
      listenerOfAny(view, client, sought)
    );
  });
}

function listenerOfAny(mesh: Mesh, client: SidecarClient, sought: Sought): Imported {
  let isOpen = false;
  let isByAge = false;
  for (const owner of mesh.ownersOnHttpPort(sought.port)) {
    const imported = isImported(mesh, client, owner, sought);
    if (imported === true) return true;
    isOpen ||= imported === undefined;
    isByAge ||= imported === 'by-age';
  }
  if (isOpen || !mesh.knows('Service') || !mesh.knows('ServiceEntry')) return undefined;
  return isByAge ? 'by-age' : false;
}

type Imported = boolean | 'by-age' | undefined;

type HttpOwner = Owner | Resource<'Gateway'>;

/** What makes the sidecar look for HTTP on the port. */
export function httpOwnersOnPort(mesh: Mesh, client: SidecarClient, port: number): readonly HttpOwner[] {
  const sought = { port, detected: false };
  return mesh.ownersOnHttpPort(port).filter((owner) => isImported(mesh, client, owner, sought) === true);
}

/** Of an owner on such a port. Where the sidecar knows an address of an entry, what is detected is detected there. */
function isSought(mesh: Mesh, owner: HttpOwner, { port, detected }: Sought): boolean {
  if (owner.kind !== 'ServiceEntry') return true;
  const ports = owner.spec.ports.filter(({ number }) => number?.value === port);
  if (ports.some(({ protocol }) => protocolKind(protocol?.value) === 'http')) return true;
  return detected && ports.some((one) => matchesWholePort(mesh, owner, one));
}

function isImported(mesh: Mesh, client: SidecarClient, owner: HttpOwner, sought: Sought): Imported {
  if (owner.kind === 'Gateway') return isServiceImported(mesh, client, owner);
  if (!isSought(mesh, owner, sought)) return false;
  const hosts = owner.kind === 'Service' ? [serviceHost(owner, mesh.settings.clusterDomain)] : hostsOfEntry(owner);
  const found = new Set<Imported>();
  for (const host of hosts) {
    const chosen = isChosen(mesh, client, { host, owner, sought });
    if (chosen === true) return true;
    found.add(chosen);
  }
  if (found.has(undefined)) return undefined;
  return found.has('by-age') && 'by-age';
}

interface Choosing {
  readonly host: string;
  readonly owner: Owner;
  readonly sought: Sought;
}

/** Of the services of one host, those of one namespace are: it or one like it. */
function isChosen(mesh: Mesh, client: SidecarClient, { host, owner, sought }: Choosing): Imported {
  const seen = servicesSeen(mesh, client, host);
  const ways = seen && listedAtSidecar(mesh, client.namespace, seen);
  if (!ways?.some((list) => list.includes(owner))) return ways && false;
  const isAlike = (one: Owner) => hasHttpPort(one, sought.port) && isSought(mesh, one, sought);
  return ways.every((list) => list.some(isAlike)) || 'by-age';
}

/** The Service that istiod makes for a Gateway is exported as the mesh has it by default. */
function isServiceImported(mesh: Mesh, client: SidecarClient, gateway: Resource<'Gateway'>): boolean | undefined {
  const { namespace } = gateway;
  const exportTo = mesh.settings.defaultServiceExportTo;
  const isSeen = exportTo.some((one) => one === '*' || (one === '.' ? namespace : one) === client.namespace);
  if (!isSeen || exportTo.includes('~') || !isManaged(mesh, gateway)) return false;
  const sidecars = sidecarsFor(mesh, client);
  const host = hostOfGateway(mesh, gateway);
  const [first = true, ...others] = (sidecars ?? []).map((one) =>
    importsHost(mesh, one, client.namespace, gateway, host),
  );
  return sidecars && others.every((one) => one === first) ? first : undefined;
}
