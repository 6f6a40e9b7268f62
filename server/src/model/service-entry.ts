import {
  child,
  childMap,
  eachMap,
  items,
  keySpan,
  numberField,
  numberMap,
  optionalTextList,
  textField,
  textList,
  textMap,
} from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { ServiceEntryPort, ServiceEntrySpec } from './specs.ts';

export function readServiceEntry(root: YamlMap): ServiceEntrySpec {
  const spec = childMap(root, 'spec');
  const selector = childMap(spec, 'workloadSelector');
  return {
    hosts: textList(spec, 'hosts'),
    hostsKey: keySpan(spec, 'hosts'),
    addresses: textList(spec, 'addresses'),
    ports: eachMap(spec, 'ports', readPort),
    portsKey: keySpan(spec, 'ports'),
    resolution: textField(spec, 'resolution'),
    location: textField(spec, 'location'),
    endpoints: eachMap(spec, 'endpoints', (item) => ({
      address: textField(item, 'address'),
      network: textField(item, 'network'),
      ports: numberMap(item, 'ports'),
      labels: textMap(child(item, 'labels')),
      span: item.span,
    })),
    workloadSelector: selector && textMap(child(selector, 'labels')),
    exportTo: optionalTextList(spec, 'exportTo'),
    subjectAltNames: textList(spec, 'subjectAltNames'),
    allocated: items(child(root, 'status'), 'addresses').length > 0 || undefined,
  };
}

function readPort(item: YamlMap, index: number): ServiceEntryPort {
  return {
    span: item.span,
    index,
    number: numberField(item, 'number'),
    name: textField(item, 'name'),
    protocol: textField(item, 'protocol'),
    targetPort: numberField(item, 'targetPort'),
  };
}
