import { child, childMap, numberMap, textField, textMap } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { WorkloadEntrySpec } from './specs.ts';

export function readWorkloadEntry(root: YamlMap): WorkloadEntrySpec {
  const spec = childMap(root, 'spec');
  return {
    address: textField(spec, 'address'),
    serviceAccount: textField(spec, 'serviceAccount'),
    labels: textMap(child(spec, 'labels')),
    ports: numberMap(spec, 'ports'),
  };
}
