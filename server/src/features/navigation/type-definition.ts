// What an object is for: the entry of a rule's host, the targets of a policy, the waypoint of a namespace.
import { rulesAnywhere } from '../../mesh/destination-rules/matching-rules.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Kind } from '../../model/kinds.ts';
import { useWaypoint } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import { declarationsOf, type Declaration } from '../../references/declarations.ts';
import type { Entity } from '../../references/entity.ts';
import { fields, matchesPattern, type FieldPattern } from '../../references/field-pattern.ts';
import type { DefinitionAnswer } from './definition.ts';
import { namesIn, writtenAt, type Navigated } from './situations.ts';

/** The fields that say what an object of a kind is for. */
const purposes: Partial<Readonly<Record<Kind, readonly FieldPattern[]>>> = {
  Namespace: [['metadata', 'labels', useWaypoint]],
  ServiceEntry: [['metadata', 'labels', useWaypoint]],
  Service: [['metadata', 'labels', useWaypoint]],
  DestinationRule: [fields('spec.host')],
  VirtualService: [fields('spec.hosts[]')],
  AuthorizationPolicy: [fields('spec.targetRefs[].name')],
  Telemetry: [fields('spec.targetRefs[].name')],
  BackendTLSPolicy: [fields('spec.targetRefs[].name')],
  HTTPRoute: [fields('spec.parentRefs[].name')],
  GRPCRoute: [fields('spec.parentRefs[].name')],
  TLSRoute: [fields('spec.parentRefs[].name')],
  TCPRoute: [fields('spec.parentRefs[].name')],
  Gateway: [fields('spec.gatewayClassName')],
  RoleBinding: [fields('roleRef.name')],
  Workload: [fields('spec.template.spec.serviceAccountName')],
  Pod: [fields('spec.serviceAccountName')],
};

/** A host, port, subset or listener leads to the object that has it; an object leads to what it is for, else to itself. */
export function typeDefinitionAt(navigated: Navigated, offset: number): DefinitionAnswer | undefined {
  const mesh = navigated.workspace.writtenMesh;
  for (const { span, entities } of writtenAt(navigated, offset)) {
    const resources = entities.flatMap((entity) => typesOf(navigated, mesh, entity));
    const declarations = [...new Set(resources)].map((resource): Declaration => ({ resource, at: resource.at.name }));
    if (declarations.length > 0) return { origin: span, declarations };
  }
  return undefined;
}

function typesOf(navigated: Navigated, mesh: Mesh, entity: Entity): readonly Resource[] {
  const owners = declarationsOf(mesh, entity).map(({ resource }) => resource);
  switch (entity.type) {
    case 'object':
      return owners.flatMap((resource) => {
        const purpose = purposeOf(navigated, mesh, resource);
        return purpose.length > 0 ? purpose : [resource];
      });
    case 'subset':
      return rulesAnywhere(mesh, entity.host);
    default:
      return owners;
  }
}

function purposeOf(navigated: Navigated, mesh: Mesh, resource: Resource): readonly Resource[] {
  const patterns = purposes[resource.kind] ?? [];
  if (patterns.length === 0) return [];
  const own = [...namesIn({ ...navigated, uri: resource.uri })].filter(
    (one) => one.resource.id === resource.id && patterns.some((pattern) => matchesPattern(pattern, one.path)),
  );
  return own
    .flatMap(({ entities }) => entities.flatMap((entity) => declarationsOf(mesh, entity)))
    .map((one) => one.resource);
}
