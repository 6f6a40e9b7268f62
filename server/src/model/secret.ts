// Reads only the key names of a Secret, never the values.
import { child, setKeys, text } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { SecretSpec } from './specs.ts';

export function readSecret(root: YamlMap): SecretSpec {
  return {
    type: text(root, 'type'),
    keys: [...new Set([...setKeys(child(root, 'data')), ...setKeys(child(root, 'stringData'))])],
  };
}
