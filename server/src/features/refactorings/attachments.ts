// What is attached to a ServiceEntry by its name: policies, telemetry and extensions by `targetRefs`, routes by `parentRefs`.
import { isEditable, type Draft } from '../../engine/draft.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import type { Change } from '../../rules/rule.ts';
import { isList, isMap, type Plain, type PlainMap } from '../../yaml/plain.ts';
import { mapIn, plainOf } from './refactoring.ts';

type Entry = Resource<'ServiceEntry'>;

interface Attachment {
  readonly resource: AnyResource;
  readonly path: FieldPath;
  /** The reference as it is written. */
  readonly ref: PlainMap;
  /** Names of all ServiceEntries in the same list. */
  readonly beside: readonly (Plain | undefined)[];
  /** How many references the list holds, and may hold. */
  readonly length: number;
  readonly most: number;
}

/** The API server refuses longer lists. istio@86c9f01 manifests/charts/base/files/crd-all.gen.yaml, gateway-api v1 HTTPRoute. */
const lists = [
  { key: 'targetRefs', most: 16 },
  { key: 'parentRefs', most: 32 },
] as const;

/** What is in files that users do not write is left out: the proof shows what follows. */
function attachmentsOf(draft: Draft, entry: Entry): readonly Attachment[] {
  const mesh = draft.writtenMesh;
  const [namespace, name] = [entry.namespace, entry.name];
  const resources = new Set<Resource>([
    ...mesh.targeting('ServiceEntry', namespace, name),
    ...mesh.extensionsOf('ServiceEntry', namespace, name),
    ...mesh.routesTo('ServiceEntry', namespace, name),
  ]);
  return [...resources]
    .filter(({ uri }) => isEditable(uri))
    .flatMap((resource) => attachmentsIn(draft, resource as AnyResource, entry));
}

function attachmentsIn(draft: Draft, resource: AnyResource, entry: Entry): readonly Attachment[] {
  const spec = mapIn(plainOf(draft, resource), 'spec');
  const single = mapIn(spec, 'targetRef');
  const isOurs = (ref: PlainMap) =>
    ref['kind'] === 'ServiceEntry' &&
    ref['name'] === entry.name &&
    (ref['namespace'] ?? resource.namespace) === entry.namespace;
  const listed = lists.flatMap(({ key, most }): readonly Attachment[] => {
    const list = spec[key];
    if (!isList(list)) return [];
    const beside = list.flatMap((ref) => (isMap(ref) && ref['kind'] === 'ServiceEntry' ? [ref['name']] : []));
    return list.flatMap((ref, i) =>
      isMap(ref) && isOurs(ref) ? [{ resource, path: ['spec', key, i], ref, beside, length: list.length, most }] : [],
    );
  });
  if (listed.length > 0 || !isOurs(single)) return listed;
  return [{ resource, path: ['spec', 'targetRef'], ref: single, beside: [entry.name], length: 1, most: 16 }];
}

/** Attaches everything to these entries of the namespace as well. False if a list would become too long. */
export function attachAlso(draft: Draft, entry: Entry, names: readonly string[]): boolean {
  const attachments = attachmentsOf(draft, entry);
  if (attachments.some(({ length, most }) => length + names.length > most)) return false;
  return draft.apply(
    attachments.flatMap(({ resource, path, ref }): readonly Change[] => {
      const copies = names.map((name) => ({ ...ref, name }));
      if (path[1] === 'targetRef')
        return [
          { op: 'set', in: resource, path: ['spec', 'targetRefs'], value: [ref, ...copies] },
          { op: 'remove', in: resource, path },
        ];
      return copies.map((value) => ({ op: 'append', in: resource, path: path.slice(0, 2), value }));
    }),
  );
}

/** Attaches everything to another entry of the namespace instead. */
export function attachInstead(draft: Draft, entry: Entry, name: string): boolean {
  const lastFirst = attachmentsOf(draft, entry).toReversed();
  return draft.apply(
    lastFirst.map(
      ({ resource, path, beside }): Change =>
        beside.includes(name)
          ? { op: 'remove', in: resource, path }
          : { op: 'set', in: resource, path: [...path, 'name'], value: name },
    ),
  );
}
