import { entryOf } from '../yaml/read.ts';
import { childMap, eachMap, keySpan, numberField, textField } from './read-field.ts';
import { readLabelSelector } from './selectors.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { GatewayClassSpec, GatewayListener, GatewaySpec } from './specs.ts';

export function readGateway(root: YamlMap): GatewaySpec {
  const spec = childMap(root, 'spec');
  return {
    gatewayClassName: textField(spec, 'gatewayClassName'),
    listeners: eachMap(spec, 'listeners', readListener),
    listenersKey: keySpan(spec, 'listeners'),
  };
}

function readListener(item: YamlMap, index: number): GatewayListener {
  return {
    span: item.span,
    index,
    name: textField(item, 'name'),
    port: numberField(item, 'port'),
    protocol: textField(item, 'protocol'),
    hostname: textField(item, 'hostname'),
    allowedRoutes: readAllowedRoutes(item),
  };
}

function readAllowedRoutes(listener: YamlMap): GatewayListener['allowedRoutes'] {
  const entry = entryOf(listener, 'allowedRoutes');
  if (entry?.value.kind !== 'map') return undefined;
  const namespaces = childMap(entry.value, 'namespaces');
  return {
    key: entry.key.span,
    from: textField(namespaces, 'from'),
    selector: readLabelSelector(namespaces, 'selector'),
  };
}

export function readGatewayClass(root: YamlMap): GatewayClassSpec {
  return { controllerName: textField(childMap(root, 'spec'), 'controllerName') };
}
