// The Gateway API's routes: HTTPRoute, GRPCRoute, TLSRoute and TCPRoute share the fields that matter here.
import { childMap, eachMap, items, number, numberField, text, textField, textList } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { BackendRef, ParentRef, RouteSpec } from './specs.ts';

export function readRoute(root: YamlMap): RouteSpec {
  const spec = childMap(root, 'spec');
  return {
    parentRefs: eachMap(spec, 'parentRefs', readParentRef),
    hostnames: textList(spec, 'hostnames'),
    rules: eachMap(spec, 'rules', (rule) => ({
      span: rule.span,
      backendRefs: eachMap(rule, 'backendRefs', readBackendRef),
      matched: items(rule, 'matches').length > 0,
      filters: eachMap(rule, 'filters', (filter) => text(filter, 'type') ?? ''),
    })),
  };
}

function readParentRef(item: YamlMap): ParentRef {
  return {
    span: item.span,
    group: textField(item, 'group'),
    kind: textField(item, 'kind'),
    name: textField(item, 'name'),
    namespace: textField(item, 'namespace'),
    port: numberField(item, 'port'),
    sectionName: textField(item, 'sectionName'),
  };
}

function readBackendRef(item: YamlMap): BackendRef {
  return {
    span: item.span,
    group: textField(item, 'group'),
    kind: textField(item, 'kind'),
    name: textField(item, 'name'),
    namespace: textField(item, 'namespace'),
    port: numberField(item, 'port'),
    weight: number(item, 'weight'),
  };
}
