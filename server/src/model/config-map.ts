import { child, setKeys, textField } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { ConfigMapSpec } from './specs.ts';

export function readConfigMap(root: YamlMap): ConfigMapSpec {
  const data = child(root, 'data');
  return { mesh: textField(data, 'mesh'), keys: [...setKeys(data), ...setKeys(child(root, 'binaryData'))] };
}
