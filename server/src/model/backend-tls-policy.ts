import { childMap, eachMap, text, textField } from './read-field.ts';
import { readTargetRef } from './selectors.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { BackendTlsPolicySpec } from './specs.ts';

export function readBackendTlsPolicy(root: YamlMap): BackendTlsPolicySpec {
  const spec = childMap(root, 'spec');
  const validation = childMap(spec, 'validation');
  return {
    targetRefs: eachMap(spec, 'targetRefs', (item, index) => ({
      ...readTargetRef(item, index, false),
      sectionName: textField(item, 'sectionName'),
    })),
    hostname: textField(validation, 'hostname'),
    wellKnownCACertificates: textField(validation, 'wellKnownCACertificates'),
    caCertificateRefs: eachMap(validation, 'caCertificateRefs', (item) => ({
      kind: text(item, 'kind'),
      name: textField(item, 'name'),
      span: item.span,
    })),
    // Each is a map of `type` and the field of that type's name.
    subjectAltNames: eachMap(
      validation,
      'subjectAltNames',
      (item) => textField(item, 'hostname') ?? textField(item, 'uri'),
    ).filter((name) => name !== undefined),
  };
}
