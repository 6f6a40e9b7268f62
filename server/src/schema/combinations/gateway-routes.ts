// CEL rules of GRPCRoute and TLSRoute: sigs.k8s.io/gateway-api apis/v1/{grpcroute,tlsroute}_types.go.
import { refused, refusedKey, type Check, type Fault, type Subject } from './combination-check.ts';
import { routeChecks } from './gateway-api.ts';
import { filterFieldFaults } from './gateway-filters.ts';
import { uniqueItems } from './gateway-lists.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { each, field, isText, text, type Place } from './field-place.ts';
import { isGatewayHostname } from '../../names/kubernetes-names.ts';

export const grpcRouteChecks: readonly Check[] = [...routeChecks, methods, filters];
export const tlsRouteChecks: readonly Check[] = [...routeChecks, hostnames];

function* methods({ spec }: Subject): Generator<Fault> {
  for (const match of each(spec, 'rules').flatMap((rule) => each(rule, 'matches'))) {
    yield* uniqueItems(field(match, 'headers'));
    const method = field(match, 'method');
    if (method.node?.kind !== 'map') continue;
    const [service, name] = [text(method, 'service'), text(method, 'method')];
    if (!field(method, 'service').node && !field(method, 'method').node)
      yield refusedKey(method, 'A method match needs `service`, `method` or both.');
    if ((text(method, 'type') || 'Exact') !== 'Exact') continue;
    if (isText(field(method, 'service')) && !/^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i.test(service))
      yield refused(field(method, 'service'), `"${service}" is not a valid gRPC service name, such as shop.Orders.`);
    if (isText(field(method, 'method')) && !/^[A-Za-z_][A-Za-z_0-9]*$/.test(name))
      yield refused(field(method, 'method'), `"${name}" is not a valid gRPC method name, such as GetOrder.`);
  }
}

const fieldOfFilter: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  ExtensionRef: 'extensionRef',
};

function* filters({ spec }: Subject): Generator<Fault> {
  const rules = each(spec, 'rules');
  const lists = [...rules, ...rules.flatMap((rule) => each(rule, 'backendRefs'))].map((holder) =>
    each(holder, 'filters'),
  );
  for (const list of lists) {
    const types = list.map((filter) => text(filter, 'type'));
    for (const [i, filter] of list.entries()) {
      if (types[i]!.endsWith('HeaderModifier') && types.indexOf(types[i]!) < i)
        yield refused(field(filter, 'type'), `Only one filter of type ${types[i]!} is allowed.`);
      yield* filterFaults(filter, types[i]!);
    }
  }
}

function* filterFaults(filter: Place, type: string): Generator<Fault> {
  if (!(type in fieldOfFilter)) return;
  yield* filterFieldFaults(filter, type, fieldOfFilter);
  for (const name of ['requestHeaderModifier', 'responseHeaderModifier'])
    for (const list of ['set', 'add', 'remove']) yield* uniqueItems(field(filter, name, list));
}

function* hostnames({ spec }: Subject): Generator<Fault> {
  for (const host of each(spec, 'hostnames')) {
    const name = text(host);
    if (!isText(host) || isPlaceholder(name)) continue;
    if (isIpAddress(name)) yield refused(host, `${name} is an IP address: TLS uses server names, not addresses.`);
    else if (!isGatewayHostname(name))
      yield refused(
        host,
        `"${name}" is not a valid host name: \`*\` must be the whole first label, such as *.example.com.`,
      );
  }
}
