import { child, textField } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { ConfigMapSpec } from './specs.ts';

export function readConfigMap(root: YamlMap): ConfigMapSpec {
  return { mesh: textField(child(root, 'data'), 'mesh') };
}
