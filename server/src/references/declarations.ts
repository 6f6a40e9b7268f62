// Where a thing that is named is made. Facts of the index are enough: no file has to be read for it.
import type { Span } from '../base/span.ts';
import { rulesAnywhere } from '../mesh/destination-rules/matching-rules.ts';
import type { HostOwner, Mesh } from '../mesh/mesh.ts';
import type { Resource } from '../model/resource.ts';
import { hostMatches, normalizeHost, patternsFor } from '../names/hosts.ts';
import type { Entity } from './entity.ts';

export interface Declaration {
  readonly resource: Resource;
  /** In its document: the name. */
  readonly at: Span;
}

/** All that make it; empty where the files do not show any. A host is made by wider wildcards where nothing lists it exactly. */
export function declarationsOf(mesh: Mesh, entity: Entity): readonly Declaration[] {
  switch (entity.type) {
    case 'host':
      return hostDeclarations(mesh, entity.host);
    case 'object':
      return mesh
        .named(entity.kind, entity.namespace, entity.name)
        .map((resource) => ({ resource, at: resource.at.name }));
    case 'subset':
      return rulesAnywhere(mesh, entity.host).flatMap((resource) =>
        resource.spec.subsets.flatMap(({ name }) => (name?.value === entity.name ? [{ resource, at: name.span }] : [])),
      );
    case 'port':
      return portDeclarations(mesh, entity.host, entity.number);
    case 'section':
      return sectionDeclarations(mesh, entity);
    case 'label':
      return labelDeclarations(mesh, entity);
    case 'provider':
    case 'trust-domain':
      return [];
  }
}

/** Those who list the host, else those whose wildcard covers it; of a wildcard also those that it covers. */
function ownersOfHost(mesh: Mesh, host: string): readonly HostOwner[] {
  const exact = mesh.hostOwners(host);
  if (exact.length > 0) return exact;
  if (host.startsWith('*')) return mesh.hostOwnersUnder(host.slice(1));
  const wider = patternsFor(host).flatMap((pattern) => mesh.hostOwners(pattern));
  return wider.filter((owner) => hostMatches(owner.host, host));
}

function hostDeclarations(mesh: Mesh, host: string): readonly Declaration[] {
  return ownersOfHost(mesh, host).flatMap((owner): readonly Declaration[] => {
    const { resource } = owner;
    if (resource.kind === 'Service') return [{ resource, at: resource.at.name }];
    return resource.spec.hosts
      .filter(({ value }) => normalizeHost(value) === owner.host)
      .map(({ span }) => ({ resource, at: span }));
  });
}

function portDeclarations(mesh: Mesh, host: string, number: number): readonly Declaration[] {
  return ownersOfHost(mesh, host).flatMap(({ resource }) =>
    resource.spec.ports.flatMap((port) =>
      port.number?.value === number ? [{ resource, at: port.number.span } as const] : [],
    ),
  );
}

function sectionDeclarations(mesh: Mesh, entity: Extract<Entity, { type: 'section' }>): readonly Declaration[] {
  const { kind, namespace, object, name } = entity;
  if (kind === 'Gateway')
    return mesh
      .named('Gateway', namespace, object)
      .flatMap((resource) =>
        resource.spec.listeners.flatMap((one) => (one.name?.value === name ? [{ resource, at: one.name.span }] : [])),
      );
  if (kind !== 'ServiceEntry') return [];
  return mesh
    .named('ServiceEntry', namespace, object)
    .flatMap((resource) =>
      resource.spec.ports.flatMap((one) => (one.name?.value === name ? [{ resource, at: one.name.span }] : [])),
    );
}

function labelDeclarations(mesh: Mesh, entity: Extract<Entity, { type: 'label' }>): readonly Declaration[] {
  return (['Workload', 'Pod'] as const).flatMap((kind) =>
    mesh.inNamespace(kind, entity.namespace).flatMap((resource) => {
      const field = resource.spec.labels.get(entity.key);
      return field?.value === entity.value ? [{ resource, at: field.span }] : [];
    }),
  );
}
