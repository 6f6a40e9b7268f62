// What the schema check says of an object before and after a repair, so that no repair is offered that the API server refuses.
import type { FieldPath } from '../../base/field-path.ts';
import { applyEdits } from '../../base/text-edit.ts';
import { newestVersion } from '../../model/istio-releases.ts';
import { validateResource } from '../../schema/validate.ts';
import { editsForAll } from '../../yaml/edit.ts';
import { itemAlone } from '../../yaml/item-alone.ts';
import type { YamlMap, YamlNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { asMap, at } from '../../yaml/read.ts';
import type { DocumentView } from '../rule.ts';
import type { Step } from './combination-fault.ts';
import type { Place } from './repair-place.ts';

interface SchemaFault {
  readonly message: string;
  readonly path: FieldPath | undefined;
}

/** Where a field is newer than some release is another finding, and stays as it is. */
export function faultsOf(object: YamlMap): readonly SchemaFault[] {
  return validateResource(object, { istioVersion: newestVersion }).map(({ message, data }) => ({
    message,
    path: 'path' in data ? data.path : undefined,
  }));
}

/** Undefined if the steps leave no object. */
export function faultsAfter(
  steps: readonly Step[],
  { in: { listIndex } }: Place,
  { text, tree }: DocumentView,
): readonly SchemaFault[] | undefined {
  const alone = listIndex === undefined ? undefined : itemAlone(text, tree, listIndex);
  const after = alone ? edited(alone, steps) : objectAfter(steps, listIndex, { text, tree });
  const object = asMap(after);
  return object && faultsOf(object);
}

function objectAfter(steps: readonly Step[], listIndex: number | undefined, read: Read): YamlNode | undefined {
  if (listIndex === undefined) return edited(read, steps);
  const inDocument = steps.map((step) => ({ ...step, path: ['items', listIndex, ...step.path] }));
  return at(edited(read, inDocument), ['items', listIndex]);
}

type Read = Pick<DocumentView, 'text' | 'tree'>;

function edited({ text, tree }: Read, steps: readonly Step[]): YamlNode | undefined {
  return parseDocument(applyEdits(text, editsForAll(text, steps, tree))).root;
}
