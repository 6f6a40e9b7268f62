// What of the files keeps an egress gateway from taking what a route sends there, or from passing it on: clauses for messages.
import { joinedWith } from '../../base/and-more.ts';
import { gatewaysFor } from '../../mesh/clients/gateway-hop.ts';
import type { EgressGateway, ServerOnPort } from '../../mesh/clients/egress-gateway.ts';
import { tlsOfRule } from '../../mesh/destination-rules/client-tls.ts';
import { selects } from '../../mesh/label-selector.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { namesGateway } from '../../mesh/routes/services-at-gateway.ts';
import type { ListenerServer } from '../../mesh/routes/listener-servers.ts';
import type { GatewayRoute } from '../../mesh/routes/route-entry.ts';
import { isReference } from '../../mesh/routes/routes-at-listener.ts';
import { placeOfVirtualService } from '../../mesh/routes/route-units.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { VirtualServiceMatch } from '../../model/specs.ts';
import type { Field } from '../../model/field.ts';
import { hostMatches, patternsFor } from '../../names/hosts.ts';
import { unreadRule } from './unread-rule.ts';
import { at, atName, type GatewayArrival, type TraceState } from './state.ts';
import type { Evidence } from './step.ts';

/** The place to mend first. */
export interface Astray {
  /** Without its full stop. */
  readonly clause: string;
  readonly evidence: readonly Evidence[];
}

/** Why no Gateway that routes of the host name has a server for what arrives. §L.4, §L.36. */
export function serverElsewhere(mesh: Mesh, host: string, arrival: GatewayArrival): Astray | undefined {
  const { pods } = arrival;
  for (const gateway of gatewaysFor(mesh, host)) {
    if (pods.gateways.includes(gateway)) return onOtherPort(gateway, arrival);
    if (selects(gateway.spec.selector, pods.labels)) continue;
    return {
      clause: `${describe(gateway)} is for pods with ${labelsText(gateway.spec.selector)}, and those of the egress gateway have ${labelsText(pods.labels, gateway.spec.selector)}`,
      evidence: [{ ...at(gateway, gateway.spec.selectorKey ?? gateway.at.name), ...selecting(pods) }, arrival.because],
    };
  }
  return undefined;
}

/** As the Service selects them, or by the label that the Gateways of Istio's samples ask for. */
function selecting({ service, namespace, name, labels }: EgressGateway): Pick<Evidence, 'mend'> {
  const usual = labels.get('istio');
  const value = service?.spec.selector
    ? Object.fromEntries(service.spec.selector)
    : { ...(usual !== undefined && { istio: usual }) };
  if (Object.keys(value).length === 0) return {};
  return { mend: { title: `Select the pods of ${namespace}/${name}`, path: ['spec', 'selector'], value } };
}

/** One that the Service does not have is the Gateway's fault, any other the route's. */
function onOtherPort(
  gateway: Resource<'IstioGateway'>,
  { pods, because, servicePort }: GatewayArrival,
): Astray | undefined {
  const servers = gateway.spec.servers.filter(({ port }) => port !== undefined && port !== servicePort);
  const [server] = servers;
  if (!server) return undefined;
  const listed = pods.service?.spec.ports.map(({ number }) => number.value) ?? [80, 443];
  const place = at(gateway, server.span);
  const path = ['spec', 'servers', gateway.spec.servers.indexOf(server), 'port', 'number'];
  const mend = { title: `Set the port of the server to ${servicePort}`, path, value: servicePort };
  return {
    clause: `${describe(gateway)} has servers only for port ${[...new Set(servers.map(({ port }) => port))].join(', ')}`,
    evidence: listed.includes(server.port!)
      ? [because, place]
      : [{ ...place, ...(servers.length === 1 && { mend }) }, because],
  };
}

/** All, or those that another selector asks for. */
function labelsText(labels: ReadonlyMap<string, string>, asked = labels): string {
  const alike = [...labels].filter(([key]) => asked.has(key));
  const shown = alike.length > 0 ? alike : [...labels];
  return joinedWith('and', shown, ([key, value]) => `${key}: ${value}`);
}

/** A rule that would have the sidecar send TLS, and that it does not read. §E.30. */
export function unreadTls(mesh: Mesh, client: string, { pods, servicePort }: GatewayArrival): Astray | undefined {
  const isWanted = (rule: Resource<'DestinationRule'>) => {
    const { mode, cause } = tlsOfRule(rule, servicePort);
    return mode !== undefined || cause === 'istio-mutual';
  };
  const found = unreadRule(mesh, { host: pods.host, owner: pods.service }, client, isWanted);
  return (
    found && {
      clause: `${describe(found.rule)} would have it send TLS, but ${found.because}`,
      evidence: [found.place],
    }
  );
}

/** Why a VirtualService of the host that names the Gateway routes nothing there. §L.7, §L.37. */
export function routeAstray(
  mesh: Mesh,
  { gateway }: TraceState,
  servers: readonly ServerOnPort[],
  host: string,
): Astray | undefined {
  const services = patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern));
  for (const service of services)
    for (const one of servers) {
      const found = one.listener ? undefined : reasonAt(mesh, gateway!.pods, { one, service });
      if (found) return found;
    }
  for (const one of servers)
    for (const route of one.listener ? mesh.routesToHost(host) : []) {
      const found = one.listener && reasonAtListener(route, one, host);
      if (found) return found;
    }
  return undefined;
}

/** Of a route that leads to the host, and names the Gateway. §I.4. */
function reasonAtListener(
  route: GatewayRoute,
  { gateway, listener }: ListenerServer,
  host: string,
): Astray | undefined {
  const refs = route.spec.parentRefs.filter((ref) => isReference(ref, route.namespace, gateway));
  const [ref] = refs;
  if (!ref || refs.length > 1) return undefined;
  const { sectionName, port } = ref;
  const name = listener.name?.value ?? '';
  if (sectionName?.value && sectionName.value !== name)
    return astrayAt(route, sectionName, `only for listener ${sectionName.value} of the Gateway, and ${name} takes it`);
  if (port?.value && port.value !== listener.port?.value)
    return astrayAt(route, port, `only for port ${port.value} of the Gateway`);
  const { hostnames } = route.spec;
  const [written] = hostnames;
  if (!written || hostnames.some(({ value }) => hostMatches(value, host))) return undefined;
  return astrayAt(route, written, `for ${hostnames.map(({ value }) => value).join(', ')} only`);
}

function astrayAt(route: GatewayRoute, { span }: Pick<Field<unknown>, 'span'>, what: string): Astray {
  return { clause: `${describe(route)} is ${what}`, evidence: [at(route, span)] };
}

interface Meeting {
  readonly one: Extract<ServerOnPort, { listener?: undefined }>;
  readonly service: Resource<'VirtualService'>;
}

function reasonAt(mesh: Mesh, { namespace }: EgressGateway, { one, service }: Meeting): Astray | undefined {
  const { spec, namespace: home } = service;
  if (!namesGateway(spec.gateways, one.gateway, home)) return undefined;
  if (placeOfVirtualService(mesh, service, namespace) === undefined) {
    const [exported] = spec.exportTo ?? [];
    const value = [...(spec.exportTo ?? []).map((one) => one.value), namespace];
    const mend = { title: `Export it to namespace ${namespace}`, path: ['spec', 'exportTo'], value };
    return {
      clause: `${describe(service)} is not exported to namespace ${namespace}, in which the gateway's pods are`,
      evidence: [exported ? { ...at(service, exported.span), mend } : atName(service)],
    };
  }
  const wanted = matchesFor(service, one);
  const { port } = one.server;
  const [astray] = wanted.filter((match) => match.port && match.port !== port);
  if (!astray || wanted.some((match) => !match.port || match.port === port)) return undefined;
  return {
    clause: `${describe(service)} routes there only what arrives on port ${astray.port}, and the server of ${describe(one.gateway)} has port ${port}`,
    evidence: [{ ...at(service, astray.span), ...onPort(service, astray, port) }, at(one.gateway, one.server.span)],
  };
}

function onPort(
  { spec }: Meeting['service'],
  match: VirtualServiceMatch,
  port: number | undefined,
): Pick<Evidence, 'mend'> {
  if (port === undefined) return {};
  for (const kind of ['http', 'tls', 'tcp'] as const)
    for (const [index, { matches }] of spec[kind].entries()) {
      const at = matches.indexOf(match);
      const path = ['spec', kind, index, 'match', at, 'port'];
      if (at >= 0) return { mend: { title: `Match port ${port} of the server`, path, value: port } };
    }
  return {};
}

/** Those that name the Gateway. */
function matchesFor({ spec, namespace }: Meeting['service'], { gateway }: Meeting['one']): VirtualServiceMatch[] {
  const all = [...spec.http, ...spec.tls, ...spec.tcp].flatMap(({ matches }) => matches);
  return all.filter(({ gateways }) => namesGateway(gateways, gateway, namespace));
}
