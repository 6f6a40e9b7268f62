// The values that the mesh has for a place of a template: those of the table of references at the field where the place stands.
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { kindOf, isClusterScoped } from '../../model/kind-of.ts';
import { describe } from '../../model/resource.ts';
import type { FieldPath } from '../../base/field-path.ts';
import { textAt, type Situation } from '../../references/situation.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { candidatesAt } from '../completion/values.ts';
import { fillIn, valueOf, type Values } from './fill.ts';
import type { PlaceName } from './places.ts';
import type { Template } from './template.ts';

export interface PlaceChoice {
  readonly value: string;
  /** Where it comes from, in a few words. */
  readonly detail: string;
}

const most = 20;

/** The likely ones first. */
export function choicesFor(mesh: Mesh, template: Template, place: PlaceName, given: Values): readonly PlaceChoice[] {
  const found = placeIn(mesh, template, place, given);
  const choices: PlaceChoice[] = [];
  // The object that the template declares is a new one.
  if (!found || found.path.join('.') === 'metadata.name') return choices;
  // A subject of a RoleBinding is an account; the account of a waypoint has its name.
  if (place === 'waypoint') return waypointsIn(mesh, valueOf(template, 'namespace', given));
  for (const { text, detail } of candidatesAt(found.situation, found.path, 'value')) {
    if (!choices.some(({ value }) => value === text)) choices.push({ value: text, detail });
    if (choices.length >= most) break;
  }
  return choices;
}

function waypointsIn(mesh: Mesh, namespace: string): readonly PlaceChoice[] {
  return mesh
    .inNamespace('Gateway', namespace)
    .filter((gateway) => isWaypointClass(gateway, mesh.settings) !== false)
    .slice(0, most)
    .map((gateway) => ({ value: gateway.name, detail: describe(gateway) }));
}

interface Placed {
  readonly situation: Situation;
  readonly path: FieldPath;
}

/** No manifest writes this. */
const standIn = 'zz-place';

/** The first field that is the place alone. What only the object itself declares has no candidates there. */
function placeIn(mesh: Mesh, template: Template, place: PlaceName, given: Values): Placed | undefined {
  // Not where the name follows from the place: that is the object's own.
  const filled = fillIn(template, { ...given, name: valueOf(template, 'name', given), [place]: standIn });
  for (const { text } of splitDocuments(filled)) {
    const { root } = parseDocument(text);
    const path = root && pathOf(root, []);
    const kind = root && kindOf(textAt(root, ['apiVersion']) ?? '', textAt(root, ['kind']) ?? '');
    if (!root || !path || kind === undefined) continue;
    const home = place === 'namespace' ? (given.namespace ?? '') : (textAt(root, ['metadata', 'namespace']) ?? '');
    const namespace = isClusterScoped(kind) ? '' : home;
    return { path, situation: { mesh, kind, namespace, name: textAt(root, ['metadata', 'name']) ?? '', root } };
  }
  return undefined;
}

function pathOf(node: YamlNode, path: FieldPath): FieldPath | undefined {
  if (node.kind === 'scalar') return node.value === standIn ? path : undefined;
  const below: (readonly [string | number, YamlNode])[] =
    node.kind === 'seq'
      ? node.items.map((item, i) => [i, item] as const)
      : node.entries.map(({ key, value }) => [String(key.value), value] as const);
  for (const [step, child] of below) {
    const found = pathOf(child, [...path, step]);
    if (found) return found;
  }
  return undefined;
}
