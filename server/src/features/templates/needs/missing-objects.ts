// ServiceEntries and waypoints that other manifests name and that no file has.
import { isOfferedFor, wildcardEntry } from '../templates.ts';
import { allocatesAddresses } from '../../../mesh/hosts/virtual-address.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe, type AnyResource, type Resource } from '../../../model/resource.ts';
import { isWildcardDomain } from '../../../names/domains.ts';
import { looksInCluster, normalizeHost } from '../../../names/hosts.ts';
import { hostState } from '../../../rules/shared/known-hosts.ts';
import { missingEntry } from '../../../rules/shared/missing-entry.ts';
import { labelWithoutWaypoint, missingWaypoint } from '../../../rules/shared/missing-waypoint.ts';
import { targetsOf, type AnyRoute } from '../../../rules/shared/routed-hosts.ts';
import { needed, type Offer } from '../offer.ts';
import { nearestOf } from './scan.ts';

interface Mention {
  readonly host: string;
  readonly by: AnyResource;
  /** That clients call: a policy sees the host of HTTP requests only. */
  readonly port?: number | undefined;
}

/** Hosts that rules, routes and policies name, and that no ServiceEntry or Service has. */
export function* missingEntries(mesh: Mesh, near: string | undefined): Generator<Offer> {
  if (!allocatesAddresses(mesh.settings)) return;
  const seen = new Set<string>();
  for (const mention of mentionsIn(mesh, near)) {
    const { host, by } = mention;
    const { namespace } = by;
    if (seen.has(host) || !isExternal(mesh, host) || hostState(mesh, host, namespace) !== 'missing') continue;
    seen.add(host);
    const content = contentFor(mesh, mention);
    if (content)
      yield needed({
        id: `service-entry ${namespace} ${host}`,
        title: `ServiceEntry for ${host}`,
        detail: `${describe(by)} names this host, and no ServiceEntry in these files has it`,
        namespace,
        content,
      });
  }
}

function contentFor(mesh: Mesh, { host, by: { namespace }, port }: Mention): Offer['content'] | undefined {
  if (!host.startsWith('*'))
    return { name: host, manifest: missingEntry(mesh, { host, namespace, ports: port === undefined ? [] : [port] }) };
  // What a wildcard needs besides is a rule, which is there already or a need of its own.
  return host.startsWith('*.') && isOfferedFor(wildcardEntry, mesh.settings.istioVersion)
    ? { template: wildcardEntry, values: { namespace, wildcard: host } }
    : undefined;
}

function* mentionsIn(mesh: Mesh, near: string | undefined): Generator<Mention> {
  for (const rule of nearestOf(mesh, 'DestinationRule', near))
    if (rule.spec.host) yield { host: ruleHost(rule, mesh.settings.clusterDomain), by: rule };
  for (const route of routesIn(mesh, near))
    for (const { host, port } of targetsOf(route, mesh)) yield { host, by: route, port: port?.value };
  for (const policy of nearestOf(mesh, 'AuthorizationPolicy', near))
    for (const host of hostsInPolicy(policy)) yield { host, by: policy, port: 80 };
}

function routesIn(mesh: Mesh, near: string | undefined): readonly AnyRoute[] {
  return [
    ...nearestOf(mesh, 'VirtualService', near),
    ...nearestOf(mesh, 'HTTPRoute', near),
    ...nearestOf(mesh, 'GRPCRoute', near),
    ...nearestOf(mesh, 'TLSRoute', near),
    ...nearestOf(mesh, 'TCPRoute', near),
  ];
}

/** Names, without the port that a request may have behind them; patterns say nothing about one host. */
function hostsInPolicy({ spec }: Resource<'AuthorizationPolicy'>): readonly string[] {
  const fields = (spec.rules ?? []).flatMap(({ to }) => to.flatMap((one) => one.fields));
  return fields
    .filter(({ name }) => name === 'hosts')
    .flatMap(({ values }) => values.map(({ value }) => normalizeHost(value.replace(/:(\d+|\*)$/, ''))))
    .filter((host) => !host.includes('*'));
}

function isExternal(mesh: Mesh, host: string): boolean {
  return isWildcardDomain(host) && host.includes('.') && !looksInCluster(host, mesh.settings.clusterDomain);
}

/** Waypoints that a label names. */
export function* missingWaypoints(mesh: Mesh, near: string | undefined): Generator<Offer> {
  const seen = new Set<string>();
  const labelled = [
    ...nearestOf(mesh, 'Namespace', near),
    ...nearestOf(mesh, 'ServiceEntry', near),
    ...nearestOf(mesh, 'Service', near),
  ];
  for (const object of labelled) {
    const label = labelWithoutWaypoint(mesh, object);
    const id = label && `waypoint ${label.namespace}/${label.name}`;
    if (label === undefined || id === undefined || seen.has(id)) continue;
    seen.add(id);
    const manifest = missingWaypoint(mesh, object, label);
    if (manifest !== undefined)
      yield needed({
        id,
        title: `Gateway ${label.namespace}/${label.name}: the waypoint that a label names`,
        detail: `${describe(object)} has the label, and these files have no such Gateway`,
        namespace: label.namespace,
        content: { name: label.name, manifest },
      });
  }
}
