// What the schema check says of an object before and after a repair, so that no repair is offered that the API server refuses.
import type { FieldPath } from '../../base/field-path.ts';
import { applyEdits } from '../../base/text-edit.ts';
import { newestVersion } from '../../model/istio-releases.ts';
import { validateResource } from '../../schema/validate.ts';
import { editsForAll } from '../../yaml/edit.ts';
import type { YamlMap } from '../../yaml/node.ts';
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
  { text }: DocumentView,
): readonly SchemaFault[] | undefined {
  const inDocument = steps.map((step) => ({
    ...step,
    path: listIndex === undefined ? step.path : ['items', listIndex, ...step.path],
  }));
  const { root } = parseDocument(applyEdits(text, editsForAll(text, inDocument)));
  const after = asMap(listIndex === undefined ? root : at(root, ['items', listIndex]));
  return after && faultsOf(after);
}
