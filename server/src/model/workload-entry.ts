import { child, childMap, numberMap, textField, textMap } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { WorkloadEntrySpec } from './specs.ts';

export function readWorkloadEntry(root: YamlMap): WorkloadEntrySpec {
  const spec = childMap(root, 'spec');
  return {
    address: textField(spec, 'address'),
    network: textField(spec, 'network'),
    serviceAccount: textField(spec, 'serviceAccount'),
    // Labels of the object count as well, and first. istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/conversion.go ConvertWorkloadEntry.
    labels: new Map([...textMap(child(spec, 'labels')), ...textMap(child(childMap(root, 'metadata'), 'labels'))]),
    ports: numberMap(spec, 'ports'),
  };
}
