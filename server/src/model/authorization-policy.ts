import { flatText } from '../base/flat-text.ts';
import { withoutRoom } from '../base/without-room.ts';
import { child, childMap, eachMap, items, keySpan, textField, textList } from './read-field.ts';
import { readTargetRefs, readWorkloadSelector } from './selectors.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { AuthorizationPolicySpec, AuthorizationRule, MatchField } from './specs.ts';

export function readAuthorizationPolicy(root: YamlMap): AuthorizationPolicySpec {
  const spec = childMap(root, 'spec');
  return {
    targetRefs: readTargetRefs(spec),
    selector: readWorkloadSelector(spec, 'selector'),
    action: textField(spec, 'action'),
    provider: textField(child(spec, 'provider'), 'name'),
    // A half-typed item (`- `) still makes the list one with rules, so that nothing is said of an empty one.
    rules: items(spec, 'rules').length > 0 ? eachMap(spec, 'rules', readRule) : undefined,
    rulesKey: keySpan(spec, 'rules'),
  };
}

function readRule(item: YamlMap): AuthorizationRule {
  return {
    span: item.span,
    from: eachMap(item, 'from', (from) => ({ span: from.span, fields: readMatchFields(childMap(from, 'source')) })),
    to: eachMap(item, 'to', (to) => ({ span: to.span, fields: readMatchFields(childMap(to, 'operation')) })),
    when: eachMap(item, 'when', (when) => ({
      span: when.span,
      key: textField(when, 'key'),
      values: textList(when, 'values'),
      notValues: textList(when, 'notValues'),
    })),
  };
}

/** Every list of the source or operation, known or not: which names exist is the schema's business. */
function readMatchFields(match: YamlMap | undefined): readonly MatchField[] {
  const fields: MatchField[] = [];
  for (const { key, value } of match?.entries ?? []) {
    if (typeof key.value !== 'string' || value.kind !== 'seq') continue;
    fields.push({ name: flatText(key.value), key: key.span, values: textList(match, key.value) });
  }
  return withoutRoom(fields);
}
