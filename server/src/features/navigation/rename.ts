// A new name for what a place names, in every file and spelling; or why it cannot be given here.
import type { Span } from '../../base/span.ts';
import { isEditable } from '../../engine/draft.ts';
import { isDomain, isWildcardDomain } from '../../names/domains.ts';
import { looksInCluster } from '../../names/hosts.ts';
import { isKubernetesLabel, isLabelValue, isSubdomain } from '../../names/kubernetes-names.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { declarationsOf } from '../../references/declarations.ts';
import { keyOf, type Entity } from '../../references/entity.ts';
import { placesByFile } from './references.ts';
import { writtenAt, type Navigated } from './situations.ts';

export interface RenameSubject {
  /** In the file: what is selected. */
  readonly span: Span;
  readonly entity: Entity;
}

export interface RenameEdit {
  readonly uri: string;
  readonly span: Span;
  readonly newText: string;
}

export type Rename =
  | { readonly state: 'edits'; readonly edits: readonly RenameEdit[] }
  | { readonly state: 'refused'; readonly reason: string };

/** The narrowest name at the offset that these files make; a text says why there is none. */
export function renameSubject(navigated: Navigated, offset: number): RenameSubject | string {
  const found = writtenAt(navigated, offset).flatMap(({ span, entities }) =>
    entities.map((entity) => ({ span, entity })),
  );
  if (found.length === 0) return 'Nothing here is a name that other resources use.';
  const owned = found.find(({ entity }) => whyNot(navigated, entity) === undefined);
  return owned ?? whyNot(navigated, found[0]!.entity)!;
}

/** In every file, one at a step. */
export function* renameEdits(
  navigated: Navigated,
  { entity }: RenameSubject,
  newName: string,
): Generator<undefined, Rename> {
  const fault = whyNot(navigated, entity) ?? faultOfName(entity, newName) ?? whoHas(navigated, entity, newName);
  if (fault !== undefined) return { state: 'refused', reason: fault };
  const edits: RenameEdit[] = [];
  const key = keyOf(entity);
  for (const { uri, places } of placesByFile(navigated, [entity])) {
    yield;
    if (!isEditable(uri)) continue;
    for (const { entities, edit } of places) {
      const others = sharing(navigated, entities, key);
      if (others !== undefined) return { state: 'refused', reason: others };
      const change = edit(newName);
      if (change) edits.push({ uri, ...change });
    }
  }
  return { state: 'edits', edits };
}

/** A port that several hosts of an entry share is one number in the text. */
function sharing({ workspace }: Navigated, entities: readonly Entity[], key: string): string | undefined {
  const others = entities.length > 1 ? entities.filter((one) => keyOf(one) !== key) : [];
  const resources = new Set(
    others.flatMap((one) => declarationsOf(workspace.writtenMesh, one)).map(({ resource }) => resource),
  );
  return resources.size > 1
    ? `This place stands for ${entities.length} things at once, in ${[...resources].map(describe).join(' and ')}: rename it there by hand.`
    : undefined;
}

function whyNot({ workspace }: Navigated, entity: Entity): string | undefined {
  if (entity.type === 'provider') return `Provider ${entity.name} is named by the mesh settings, not by these files.`;
  if (entity.type === 'trust-domain')
    return `Trust domain ${entity.name} is named by the mesh settings, not by these files.`;
  if (entity.type === 'host' && looksInCluster(entity.host, workspace.mesh.settings.clusterDomain))
    return `${entity.host} is made of the names of a Service and its namespace: rename these.`;
  const resources = declarationsOf(workspace.writtenMesh, entity).map(({ resource }) => resource);
  if (resources.length === 0) return `These files do not declare ${nameOf(entity)}.`;
  const foreign = resources.find(({ uri }) => !isEditable(uri));
  return foreign && `${describe(foreign)} comes from ${originOf(foreign)}, so it cannot be renamed here.`;
}

function originOf({ uri }: Resource): string {
  return isClusterUri(uri) ? 'the cluster' : 'a chart or kustomization';
}

function nameOf(entity: Entity): string {
  switch (entity.type) {
    case 'host':
      return `host ${entity.host}`;
    case 'object':
      return `${entity.kind} ${entity.namespace === '' ? '' : `${entity.namespace}/`}${entity.name}`;
    case 'port':
      return `port ${entity.number} of ${entity.host}`;
    case 'subset':
      return `subset ${entity.name} of ${entity.host}`;
    case 'label':
      return `label ${entity.key}=${entity.value}`;
    default:
      return `${entity.type} ${entity.name}`;
  }
}

function faultOfName(entity: Entity, name: string): string | undefined {
  return isValid(entity, name)
    ? undefined
    : `${name === '' ? 'An empty text' : name} is not valid as ${formOf(entity)}.`;
}

function isValid(entity: Entity, name: string): boolean {
  switch (entity.type) {
    case 'host':
      return isHostOutside(name);
    case 'object':
      return entity.kind === 'Namespace' ? isKubernetesLabel(name) : isSubdomain(name);
    case 'port':
      return /^[1-9]\d{0,4}$/.test(name) && Number(name) < 65536;
    case 'label':
      return isLabelValue(name);
    default:
      return isKubernetesLabel(name);
  }
}

/** A name without a dot is a Service's in most fields, and one that ends with a number is an address. */
function isHostOutside(name: string): boolean {
  return (isDomain(name) || isWildcardDomain(name)) && /\.[^.]*[a-z][^.]*$/i.test(name);
}

function formOf(entity: Entity): string {
  switch (entity.type) {
    case 'host':
      return 'a host (such as api.example.com)';
    case 'object':
      return `the name of a ${entity.kind}`;
    case 'port':
      return 'a port (1 to 65535)';
    case 'label':
      return "a label's value";
    default:
      return `the name of a ${entity.type === 'section' ? 'port or listener' : entity.type}`;
  }
}

/** Two things of one name would be one. */
function whoHas({ workspace }: Navigated, entity: Entity, name: string): string | undefined {
  const other = entity.type === 'label' ? undefined : renamedEntity(entity, name);
  const [taken] = other && keyOf(other) !== keyOf(entity) ? exactly(workspace, other) : [];
  return taken && `${nameOf(other!)} is there already: ${describe(taken)}.`;
}

function exactly(workspace: Navigated['workspace'], entity: Entity): readonly Resource[] {
  const mesh = workspace.writtenMesh;
  if (entity.type === 'host') return mesh.hostOwners(entity.host).map(({ resource }) => resource);
  return declarationsOf(mesh, entity).map(({ resource }) => resource);
}

function renamedEntity(entity: Exclude<Entity, { type: 'label' }>, name: string): Entity {
  if (entity.type === 'host') return { ...entity, host: name.toLowerCase() };
  return entity.type === 'port' ? { ...entity, number: Number(name) } : { ...entity, name };
}
