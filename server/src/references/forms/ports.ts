// Ports, by number and by name, of the host or object that the field's neighbours name.
import { fullHost, normalizeHost, serviceHost } from '../../names/hosts.ts';
import type { HostOwner } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { asString, at as nodeAtPath } from '../../yaml/read.ts';
import type { Kind } from '../../model/kinds.ts';
import type { Entity } from '../entity.ts';
import { beside, relative, textAt, type FieldAt } from '../situation.ts';
import { distinct, from, whole, type Candidate, type Form, wholeFor } from './form.ts';
import { portText } from './hosts.ts';
import { refKind } from './objects.ts';
import { namedPorts } from './undeclared.ts';

/** The number of a port of these hosts. */
export function portOf(hosts: (at: FieldAt) => readonly string[]): Form {
  return {
    names: 'port',
    spelling: '`80`',
    read(text, at) {
      const number = Number(text);
      if (!/^\d+$/.test(text)) return [];
      return wholeFor(
        text,
        hosts(at).map((host): Entity => ({ type: 'port', host, number })),
      );
    },
    candidates: (at) => distinct(portsOfHosts(at, hosts(at))),
  };
}

/** The number of a port where its entry lists it: others may name it already. */
export const declaredPort: Form = {
  ...portOf(ownHosts),
  *candidates(at) {
    const listed = new Set(portNumbersIn(at.root));
    for (const port of distinct(namedPorts(at.mesh, ownHosts(at), at))) if (!listed.has(port.text)) yield port;
  },
};

function portNumbersIn(root: FieldAt['root']): readonly (string | undefined)[] {
  const ports = nodeAtPath(root, ['spec', 'ports']);
  return ports?.kind === 'seq' ? ports.items.map((port) => textAt(port, ['number'])) : [];
}

function* portsOfHosts({ mesh }: FieldAt, hosts: readonly string[]): Generator<Candidate> {
  for (const host of hosts)
    for (const { resource } of ownersOf({ mesh }, host))
      yield* resource.kind === 'ServiceEntry' ? portsOfEntry(resource) : portsOfService(resource);
}

function ownersOf({ mesh }: Pick<FieldAt, 'mesh'>, host: string): readonly HostOwner[] {
  return host.startsWith('*') ? mesh.hostOwnersUnder(host.slice(1)) : mesh.hostOwners(host);
}

function* portsOfEntry(entry: Resource<'ServiceEntry'>): Generator<Candidate> {
  for (const port of entry.spec.ports)
    if (port.number) yield from(entry, String(port.number.value), `, port ${portText(port)}`);
}

function* portsOfService(service: Resource<'Service'>): Generator<Candidate> {
  for (const { number, name } of service.spec.ports)
    yield from(service, String(number.value), name === undefined ? '' : `, port ${name}`);
}

/** The host that this object is for, or that it declares. */
export function ownHosts({ root, mesh, namespace, kind, name }: FieldAt): readonly string[] {
  const { clusterDomain } = mesh.settings;
  if (kind === 'Service') return [normalizeHost(serviceHost({ name, namespace }, clusterDomain))];
  if (kind === 'DestinationRule') return fullNames([textAt(root, ['spec', 'host'])], namespace, clusterDomain);
  const list = nodeAtPath(root, ['spec', 'hosts']);
  const written = list?.kind === 'seq' ? list.items.map(asString) : [];
  return kind === 'ServiceEntry'
    ? written.flatMap((host) => (host === undefined ? [] : [normalizeHost(host)]))
    : fullNames(written, namespace, clusterDomain);
}

/** `host` that is `up` steps above the field. */
export function hostAbove(up: number): (at: FieldAt) => readonly string[] {
  return (at) => fullNames([relative(at, up, 'host')], at.namespace, at.mesh.settings.clusterDomain);
}

function fullNames(
  names: readonly (string | undefined)[],
  namespace: string,
  clusterDomain: string,
): readonly string[] {
  return names.flatMap((name) => (name === undefined || name === '' ? [] : [fullHost(name, namespace, clusterDomain)]));
}

/** The host of a route's backend: a Service's, or the `Hostname` itself. */
export function backendHosts(at: FieldAt): readonly string[] {
  const name = beside(at, 'name');
  if (name === undefined) return [];
  const { clusterDomain } = at.mesh.settings;
  const kind = beside(at, 'kind') ?? 'Service';
  if (kind === 'Hostname') return [normalizeHost(name)];
  if (kind !== 'Service') return [];
  return [serviceHost({ name, namespace: beside(at, 'namespace') ?? at.namespace }, clusterDomain)];
}

/** Hosts of the ServiceEntry that a route is attached to. */
export function parentHosts(at: FieldAt): readonly string[] {
  if (beside(at, 'kind') !== 'ServiceEntry') return [];
  return at.mesh
    .named('ServiceEntry', beside(at, 'namespace') ?? at.namespace, beside(at, 'name') ?? '')
    .flatMap(hostsIn);
}

/** Hosts of what a policy is attached to: of entries, Services, and all that is bound to a Gateway. */
export function targetHosts({ root, mesh, namespace }: FieldAt): readonly string[] {
  const refs = nodeAtPath(root, ['spec', 'targetRefs']);
  if (refs?.kind !== 'seq') return [];
  return refs.items.flatMap((ref) => {
    const name = textAt(ref, ['name']) ?? '';
    switch (textAt(ref, ['kind'])) {
      case 'ServiceEntry':
        return mesh.named('ServiceEntry', namespace, name).flatMap(hostsIn);
      case 'Service':
        return [serviceHost({ name, namespace }, mesh.settings.clusterDomain)];
      case 'Gateway':
        return boundTo(mesh, namespace, name);
      default:
        return [];
    }
  });
}

function boundTo(mesh: FieldAt['mesh'], namespace: string, name: string): readonly string[] {
  const [gateway] = mesh.named('Gateway', namespace, name);
  if (!gateway) return [];
  const bound = mesh.enrolled(namespace, name);
  const entries = bound.flatMap((object) => {
    if (object.kind === 'Namespace') return mesh.inNamespace('ServiceEntry', object.name);
    return object.kind === 'ServiceEntry' ? [object] : [];
  });
  return entries.filter((entry) => bindWaypoint(mesh, entry).state === 'bound').flatMap(hostsIn);
}

function hostsIn({ spec }: Resource<'ServiceEntry'>): readonly string[] {
  return spec.hosts.map(({ value }) => normalizeHost(value));
}

/** The name of a port of the object itself. */
export const ownSection: Form = {
  names: 'the port or listener itself',
  spelling: '`name`',
  read: (text, { kind, namespace, name }) =>
    whole(text, { type: 'section', kind, namespace, object: name, name: text }),
  candidates: () => [],
};

/** A key that repeats the name of one of the object's own ports. */
export const ownPortName: Form = {
  names: 'port by name',
  spelling: '`name`, as a key',
  read: ownSection.read,
  *candidates({ root }) {
    const ports = nodeAtPath(root, ['spec', 'ports']);
    if (ports?.kind !== 'seq') return;
    for (const port of ports.items) yield { text: textAt(port, ['name']) ?? '', detail: 'port of this entry' };
  },
};

/** `sectionName` of a reference: a listener of a Gateway, or a port of a Service or entry. */
export function sectionOfRef(usual: { readonly group: string; readonly kind: string }): Form {
  const target = (at: FieldAt): { kind: Kind; namespace: string; object: string } | undefined => {
    const kind = refKind(at, usual);
    const object = beside(at, 'name');
    return kind === undefined || object === undefined
      ? undefined
      : { kind, namespace: beside(at, 'namespace') ?? at.namespace, object };
  };
  return {
    names: 'listener or port by name',
    spelling: '`name`',
    read(text, at) {
      const to = target(at);
      return to ? whole(text, { type: 'section', ...to, name: text }) : [];
    },
    *candidates(at) {
      const to = target(at);
      if (to) yield* sectionsOf(at, to.kind, to.namespace, to.object);
    },
  };
}

function* sectionsOf({ mesh }: FieldAt, kind: Kind, namespace: string, name: string): Generator<Candidate> {
  if (kind === 'Gateway') for (const gateway of mesh.named(kind, namespace, name)) yield* listenersOf(gateway);
  if (kind === 'ServiceEntry') for (const entry of mesh.named(kind, namespace, name)) yield* portNamesOf(entry);
  if (kind !== 'Service') return;
  for (const service of mesh.named(kind, namespace, name))
    for (const port of service.spec.ports) yield from(service, port.name ?? '', `, port ${port.number.value}`);
}

function* listenersOf(gateway: Resource<'Gateway'>): Generator<Candidate> {
  for (const { name, port } of gateway.spec.listeners)
    yield { text: name?.value ?? '', detail: `listener of ${describe(gateway)}, port ${port?.value ?? '?'}` };
}

function* portNamesOf(entry: Resource<'ServiceEntry'>): Generator<Candidate> {
  for (const port of entry.spec.ports) yield from(entry, port.name?.value ?? '', `, port ${portText(port)}`);
}
