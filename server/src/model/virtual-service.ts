import { child, childMap, eachMap, isNull, number, numberField, optionalTextList, setKeys, textField, textList, type Maybe } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { RouteDestination, VirtualServiceMatch, VirtualServiceRoute, VirtualServiceSpec } from './specs.ts';

export function readVirtualService(root: YamlMap): VirtualServiceSpec {
  const spec = childMap(root, 'spec');
  return {
    hosts: textList(spec, 'hosts'),
    gateways: textList(spec, 'gateways'),
    exportTo: optionalTextList(spec, 'exportTo'),
    http: eachMap(spec, 'http', readRoute),
    tls: eachMap(spec, 'tls', readRoute),
    tcp: eachMap(spec, 'tcp', readRoute),
  };
}

function readRoute(item: YamlMap): VirtualServiceRoute {
  const mirror = childMap(item, 'mirror');
  const mirrors = eachMap(item, 'mirrors', readWeighted);
  return {
    span: item.span,
    matches: eachMap(item, 'match', readMatch),
    destinations: eachMap(item, 'route', readWeighted),
    mirrors: mirror === undefined ? mirrors : [readDestination(mirror, undefined), ...mirrors],
    delegate: childMap(item, 'delegate') !== undefined,
    terminal: !isNull(child(item, 'redirect')) || !isNull(child(item, 'directResponse')),
  };
}

const notHttp: ReadonlySet<string> = new Set(['port', 'gateways', 'sniHosts', 'sourceLabels', 'sourceNamespace', 'sourceSubnet', 'destinationSubnets', 'name', 'statPrefix']);

function readMatch(item: YamlMap): VirtualServiceMatch {
  return {
    span: item.span,
    port: number(item, 'port'),
    gateways: textList(item, 'gateways'),
    sniHosts: textList(item, 'sniHosts'),
    sourceLabels: (childMap(item, 'sourceLabels')?.entries.length ?? 0) > 0,
    sourceNamespace: textField(item, 'sourceNamespace'),
    http: setKeys(item).some((key) => !notHttp.has(key)),
  };
}

function readWeighted(item: YamlMap): RouteDestination {
  return readDestination(child(item, 'destination'), number(item, 'weight'));
}

function readDestination(node: Maybe, weight: number | undefined): RouteDestination {
  return { host: textField(node, 'host'), subset: textField(node, 'subset'), port: numberField(child(node, 'port'), 'number'), weight };
}
