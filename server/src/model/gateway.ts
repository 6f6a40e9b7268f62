import { entryOf } from '../yaml/read.ts';
import { tlsTerminateMode } from './label-names.ts';
import { child, childMap, eachMap, keySpan, numberField, optionalTextMap, text, textField } from './read-field.ts';
import { readLabelSelector } from './selectors.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { GatewayClassSpec, GatewayListener, GatewaySpec, ListenerTls } from './specs.ts';

export function readGateway(root: YamlMap): GatewaySpec {
  const spec = childMap(root, 'spec');
  const allowing = childMap(childMap(spec, 'allowedListeners'), 'namespaces');
  const podLabels = optionalTextMap(childMap(spec, 'infrastructure'), 'labels');
  return {
    ...(podLabels && { podLabels }),
    gatewayClassName: textField(spec, 'gatewayClassName'),
    listeners: eachMap(spec, 'listeners', readListener),
    listenersKey: keySpan(spec, 'listeners'),
    checksClients: child(child(spec, 'tls'), 'frontend') !== undefined,
    services: namedServices(spec),
    takesListenerSets: (text(allowing, 'from') ?? 'None') === 'None' ? undefined : true,
    hasParameters: child(childMap(spec, 'infrastructure'), 'parametersRef') ? true : undefined,
  };
}

/** An address without a type is one of an IP. istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/gateway_utils.go IsManaged; gateway/conversion.go extractGatewayServices. */
function namedServices(spec: YamlMap | undefined): readonly string[] | undefined {
  const written = eachMap(spec, 'addresses', (item) => ({ type: text(item, 'type'), value: text(item, 'value') }));
  const isManaged = written.length < 2 && written.every(({ type = 'IPAddress' }) => type === 'IPAddress');
  if (isManaged) return undefined;
  return written.flatMap(({ type, value }) => (type === 'Hostname' && value !== undefined ? [value] : []));
}

function readListener(item: YamlMap, index: number): GatewayListener {
  return {
    span: item.span,
    index,
    name: textField(item, 'name'),
    port: numberField(item, 'port'),
    protocol: textField(item, 'protocol'),
    hostname: textField(item, 'hostname'),
    tls: readTls(item),
    allowedRoutes: readAllowedRoutes(item),
  };
}

function readTls(listener: YamlMap): ListenerTls | undefined {
  const tls = childMap(listener, 'tls');
  return (
    tls && {
      mode: textField(tls, 'mode'),
      certificateRefs: eachMap(tls, 'certificateRefs', (ref) => ({
        group: text(ref, 'group'),
        kind: text(ref, 'kind'),
        name: textField(ref, 'name'),
        namespace: text(ref, 'namespace'),
      })),
      terminateMode: text(child(tls, 'options'), tlsTerminateMode),
      checksClients: child(tls, 'frontendValidation') !== undefined,
    }
  );
}

function readAllowedRoutes(listener: YamlMap): GatewayListener['allowedRoutes'] {
  const entry = entryOf(listener, 'allowedRoutes');
  if (entry?.value.kind !== 'map') return undefined;
  const namespaces = childMap(entry.value, 'namespaces');
  const kinds = eachMap(entry.value, 'kinds', (one) => text(one, 'kind') ?? '');
  return {
    ...(kinds.length > 0 && { kinds }),
    key: entry.key.span,
    from: textField(namespaces, 'from'),
    selector: readLabelSelector(namespaces, 'selector'),
  };
}

export function readGatewayClass(root: YamlMap): GatewayClassSpec {
  return { controllerName: textField(childMap(root, 'spec'), 'controllerName') };
}
