// A fault of fields that do not go together, and what may be done about it.
import type { FieldPath } from '../../base/field-path.ts';
import type { YamlMap, YamlNode } from '../../yaml/node.ts';
import type { Plain, Safety } from '../rule.ts';

/** A step at a path of the object. */
export type Step =
  | { readonly op: 'set'; readonly path: FieldPath; readonly value: Plain }
  | { readonly op: 'remove'; readonly path: FieldPath };

export interface Repair {
  readonly title: string;
  readonly safety: Safety;
  readonly steps: readonly Step[];
}

export interface Fault {
  readonly object: YamlMap;
  readonly path: FieldPath;
  readonly node: YamlNode | undefined;
  /** The last name in the path. */
  readonly field: string;
  /** The target release. */
  readonly istioVersion: string;
}
