import { childMap, eachMap, numberField, numberOrText, optionalTextMap, text } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { ServiceSpec } from './specs.ts';

export function readService(root: YamlMap): ServiceSpec {
  const spec = childMap(root, 'spec');
  return {
    type: text(spec, 'type'),
    clusterIP: text(spec, 'clusterIP'),
    externalName: text(spec, 'externalName'),
    selector: optionalTextMap(spec, 'selector'),
    ports: eachMap(spec, 'ports', readPort).filter((port) => port !== undefined),
  };
}

function readPort(item: YamlMap): ServiceSpec['ports'][number] | undefined {
  const number = numberField(item, 'port');
  if (number === undefined) return undefined;
  return {
    number,
    name: text(item, 'name'),
    targetPort: numberOrText(item, 'targetPort'),
    appProtocol: text(item, 'appProtocol'),
    protocol: text(item, 'protocol'),
  };
}
