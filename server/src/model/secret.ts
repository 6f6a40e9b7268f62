// Refuses to hold secrets: only the names of the keys leave this file, in the clear or hashed.
import { child, setKeys, text } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { SecretSpec } from './specs.ts';

export function readSecret(root: YamlMap): SecretSpec {
  return {
    type: text(root, 'type'),
    keys: [...new Set([...setKeys(child(root, 'data')), ...setKeys(child(root, 'stringData'))])],
  };
}
