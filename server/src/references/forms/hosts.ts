// Hosts, as they are written in the fields of each kind: full or short, with a namespace or a port around them.
import { expandHost, looksInCluster, normalizeHost, serviceHost } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { namespaceNamed } from '../entity.ts';
import type { FieldAt } from '../situation.ts';
import { distinct, from, moved, nearFirst, piece, whole, type Candidate, type Form, type Part } from './form.ts';
import { namespacePart, objectNamed } from './objects.ts';
import { undeclaredHosts } from './undeclared.ts';

/** As a DestinationRule or VirtualService names a host: a short name is a Service's of the own namespace. */
export const hostName: Form = {
  names: 'host',
  spelling: '`api.example.com`, or the short name of a Service of the own namespace',
  read: (text, { mesh, namespace }) => hostParts(text, mesh, namespace),
  candidates: (at) => distinct(hostsFor(at)),
};

/** A host in full: a name without dots is no Service's. */
export const fullHostName: Form = {
  names: 'host',
  spelling: '`api.example.com`, in full',
  read: (text, { mesh }) => hostParts(text, mesh, undefined),
  candidates: (at) => distinct(hostsFor(at)),
};

/** A name that is often, but not always, a host of the mesh: SNI, a subject alternative name, a site's own name. */
export const perhapsHost: Form = {
  names: 'host, where it equals one',
  spelling: '`api.example.com`, in full; other names are left as they are',
  read: (text, { mesh }) => (mesh.hostOwners(text).length > 0 ? hostParts(text, mesh, undefined) : []),
  candidates: (at) => distinct(hostsFor(at)),
};

/** `host` or `host:port`, as it stands in a request. istio@86c9f01 pilot/pkg/security/authz/matcher/header.go HostMatcher. */
export const hostWithPort: Form = {
  names: 'host',
  spelling: '`api.example.com` or `api.example.com:8080`',
  read(text, { mesh }) {
    const [, host = text] = /^(.*?)(?::(?:\d+|\*))?$/.exec(text) ?? [];
    return hostParts(host, mesh, undefined);
  },
  candidates: (at) => distinct(hostsFor(at)),
};

/** `namespace/host`, as a Sidecar or Gateway names it; `.`, `*` and `~` stand for namespaces. */
export const hostInNamespace: Form = {
  names: 'namespace and host',
  spelling: '`namespace/api.example.com`; `.`, `*` and `~` stand for namespaces',
  read(text, { mesh, namespace }) {
    const slash = text.indexOf('/');
    if (slash < 0) return hostParts(text, mesh, undefined);
    const host = text.slice(slash + 1);
    const home = text.slice(0, slash);
    return [
      ...namespacePart(home, 0),
      ...moved(hostParts(host, mesh, home === '.' ? namespace : undefined), slash + 1),
    ];
  },
  *candidates(at) {
    const isSidecar = at.kind === 'Sidecar';
    if (isSidecar) {
      yield { text: './*', detail: 'every host of the own namespace' };
      yield { text: '*/*', detail: 'every host' };
    }
    for (const { namespace, ...host } of hostsFor(at))
      yield { ...host, text: isSidecar ? `${namespace === at.namespace ? '.' : namespace}/${host.text}` : host.text };
  },
};

/** The hosts that a ServiceEntry declares. */
export const declaredHost: Form = {
  names: 'the host itself',
  spelling: '`api.example.com` or `*.example.com`',
  read: (text) => whole(text, { type: 'host', host: normalizeHost(text) }),
  candidates: undeclaredHosts,
};

/** A name of a Service has the Service and its namespace in it; `home` is where a short one belongs. */
export function hostParts(text: string, mesh: Mesh, home: string | undefined): readonly Part[] {
  const { clusterDomain } = mesh.settings;
  if (text === '' || text === '*') return [];
  const host = normalizeHost(home === undefined ? text : expandHost(text, home, clusterDomain));
  const service = looksInCluster(host, clusterDomain) ? partsOfServiceHost(text, home) : [];
  const isShort = !text.includes('.') && home !== undefined;
  return [...(isShort ? piece(0, text, { type: 'host', host }) : whole(text, { type: 'host', host })), ...service];
}

/** `name`, `name.namespace.svc` and so on. */
function partsOfServiceHost(text: string, home: string | undefined): readonly Part[] {
  const [name = '', namespace = home, svc] = text.split('.');
  if (namespace === undefined || name.startsWith('*') || (svc === undefined && text.includes('.'))) return [];
  return [
    ...piece(0, name, objectNamed('Service', namespace, name)),
    ...(text.includes('.') ? piece(name.length + 1, namespace, namespaceNamed(namespace)) : []),
  ];
}

interface HostCandidate extends Candidate {
  readonly namespace: string;
}

/** Entries of the own namespace first, then all entries, then Services by their full names. */
function* hostsFor({ mesh, namespace }: FieldAt): Generator<HostCandidate> {
  for (const entry of nearFirst(mesh.inNamespace('ServiceEntry', namespace), mesh.all('ServiceEntry')))
    for (const { value } of entry.spec.hosts)
      yield { ...from(entry, value, portsText(entry)), namespace: entry.namespace };
  for (const service of nearFirst(mesh.inNamespace('Service', namespace), mesh.all('Service')))
    yield { ...from(service, serviceHost(service, mesh.settings.clusterDomain)), namespace: service.namespace };
}

function portsText({ spec }: Resource<'ServiceEntry'>): string {
  const ports = spec.ports.slice(0, 3).map(portText);
  return ports.length === 0 ? '' : `, port ${ports.join(', ')}${spec.ports.length > 3 ? ', …' : ''}`;
}

/** `80 HTTP → 443`. */
export function portText({ number, protocol, targetPort }: ServiceEntryPort): string {
  const target = targetPort && targetPort.value !== number?.value ? ` → ${targetPort.value}` : '';
  return `${number?.value ?? '?'}${protocol ? ` ${protocol.value}` : ''}${target}`;
}
