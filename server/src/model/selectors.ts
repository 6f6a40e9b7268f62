// Shapes that several kinds share: label selectors and references to the object that a policy is attached to.
import { entryOf } from '../yaml/read.ts';
import type { Span } from '../base/span.ts';
import type { YamlMap } from '../yaml/node.ts';
import { childMap, eachMap, text, textField, textMap, texts, type Maybe } from './read-field.ts';
import type { LabelSelector, TargetRef } from './specs.ts';

/** The Kubernetes form with `matchLabels` and `matchExpressions`; undefined if the field is absent, as that is not an empty selector. */
export function readLabelSelector(node: Maybe, key: string): LabelSelector | undefined {
  const selector = childMap(node, key);
  return selector && readSelector(selector);
}

/** The selector that a map is. */
export function readSelector(selector: YamlMap): LabelSelector {
  return {
    matchLabels: textMap(childMap(selector, 'matchLabels')),
    matchExpressions: eachMap(selector, 'matchExpressions', (item) => ({
      key: text(item, 'key') ?? '',
      operator: text(item, 'operator') ?? '',
      values: texts(item, 'values'),
    })),
  };
}

/** Istio's form, which has `matchLabels` only. */
export function readWorkloadSelector(
  node: Maybe,
  key: string,
): { readonly matchLabels: ReadonlyMap<string, string>; readonly key: Span } | undefined {
  const entry = entryOf(node, key);
  if (entry?.value.kind !== 'map') return undefined;
  return { matchLabels: textMap(childMap(entry.value, 'matchLabels')), key: entry.key.span };
}

/**
 * `targetRefs`, and the deprecated `targetRef` where the list is absent or empty.
 * istio@86c9f01 pilot/pkg/model/policyattachment.go GetTargetRefs
 */
export function readTargetRefs(spec: Maybe): readonly TargetRef[] {
  const listed = eachMap(spec, 'targetRefs', (item, index) => readTargetRef(item, index, false));
  if (listed.length > 0) return listed;
  const single = childMap(spec, 'targetRef');
  return single === undefined ? [] : [readTargetRef(single, 0, true)];
}

export function readTargetRef(item: YamlMap, index: number, singular: boolean): TargetRef {
  return {
    span: item.span,
    index,
    singular,
    group: textField(item, 'group'),
    kind: textField(item, 'kind'),
    name: textField(item, 'name'),
    namespace: textField(item, 'namespace'),
  };
}
