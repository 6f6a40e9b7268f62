import { childMap, eachMap, text, texts } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { RoleBindingSpec, RoleSpec } from './specs.ts';

export function readRole(root: YamlMap): RoleSpec {
  return {
    rules: eachMap(root, 'rules', (rule) => ({
      apiGroups: texts(rule, 'apiGroups'),
      resources: texts(rule, 'resources'),
      verbs: texts(rule, 'verbs'),
      resourceNames: texts(rule, 'resourceNames'),
    })),
  };
}

export function readRoleBinding(root: YamlMap): RoleBindingSpec {
  const roleRef = childMap(root, 'roleRef');
  return {
    roleRef: roleRef && { kind: text(roleRef, 'kind') ?? '', name: text(roleRef, 'name') ?? '' },
    subjects: eachMap(root, 'subjects', (subject) => ({
      kind: text(subject, 'kind') ?? '',
      namespace: text(subject, 'namespace'),
      name: text(subject, 'name') ?? '',
    })),
  };
}
