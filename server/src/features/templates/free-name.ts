// A name that no object of the mesh has: a template declares something new.
import type { Mesh } from '../../mesh/mesh.ts';
import { isClusterScoped, kindOf } from '../../model/kind-of.ts';
import { textAt } from '../../references/situation.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import { fillIn, type Values } from './fill.ts';
import type { PlaceName } from './places.ts';
import type { Template } from './template.ts';

/** With a number behind the name of the template's first object where that is taken. */
export function withFreeName(mesh: Mesh, template: Template, given: Values): Values {
  const place: PlaceName = template.body.includes('{name}') ? 'name' : template.namedAfter;
  const object = firstObject(fillIn(template, given));
  // A name that no place of the template decides stays: a Sidecar for its whole namespace, for example.
  if (!object || !isNamedBy(template, place)) return given;
  const { kind, namespace, name } = object;
  let candidate = name;
  for (let n = 2; mesh.named(kind, namespace, candidate).length > 0; n++) candidate = `${name}-${n}`;
  return candidate === name ? given : { ...given, [place]: candidate };
}

function firstObject(text: string) {
  const { root } = parseDocument(splitDocuments(text)[0]?.text ?? '');
  if (!root) return undefined;
  const kind = kindOf(textAt(root, ['apiVersion']) ?? '', textAt(root, ['kind']) ?? '');
  const name = textAt(root, ['metadata', 'name']);
  if (kind === undefined || name === undefined) return undefined;
  return { kind, name, namespace: isClusterScoped(kind) ? '' : (textAt(root, ['metadata', 'namespace']) ?? '') };
}

function isNamedBy({ body }: Template, place: PlaceName): boolean {
  return `\n${body}\n`.includes(`\nmetadata:\n  name: {${place}}\n`);
}
