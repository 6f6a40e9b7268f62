// The object around a field: what is known of it while it is half written, too.
import type { FieldPath } from '../base/field-path.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { Kind } from '../model/kinds.ts';
import type { YamlNode } from '../yaml/node.ts';
import { asString, at } from '../yaml/read.ts';

export interface Situation {
  readonly mesh: Mesh;
  readonly kind: Kind;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  /** Empty while none is written. */
  readonly name: string;
  /** The object's root: of the document, or an item of its List. */
  readonly root: YamlNode;
}

/** A field of the object, from its root. */
export interface FieldAt extends Situation {
  readonly path: FieldPath;
}

/** A field beside this one, as text. */
export function beside({ root, path }: FieldAt, key: string): string | undefined {
  return textAt(root, [...path.slice(0, -1), key]);
}

/** A field that is reached from this one by going `up` steps towards the root and then along `path`. */
export function relative({ root, path }: FieldAt, up: number, ...below: FieldPath): string | undefined {
  return textAt(root, [...path.slice(0, path.length - up), ...below]);
}

export function textAt(root: YamlNode, path: FieldPath): string | undefined {
  return asString(at(root, path));
}
