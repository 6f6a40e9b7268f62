// From a line to the manifests that it speaks of.
import { firstRelated, mostRelated } from '../../base/and-more.ts';
import type { Span } from '../../base/span.ts';
import { destinationRuleFor, type DestinationRuleChoice } from '../../mesh/destination-rules/destination-rule-for.ts';
import { patternsFor } from '../../names/hosts.ts';
import { writtenHosts } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { policiesAt } from '../authz/attached-policies.ts';
import { actionOf, isDryRun } from '../authz/evaluate.ts';
import type { Denial } from './details.ts';
import { valueOf, type LogEntry } from './entry.ts';
import { requestedOf, servedHost } from './requested.ts';

export interface LogLink {
  readonly resource: Resource;
  /** In the resource's document. */
  readonly span: Span;
  /** What it has to do with the line, one sentence. */
  readonly message: string;
}

/** The ServiceEntries that the line's host belongs to; several where the files have the host more than once. */
export function entriesOf(mesh: Mesh, entry: LogEntry): readonly Resource<'ServiceEntry'>[] {
  const { host, address } = requestedOf(entry);
  for (const name of [servedHost(entry), host]) {
    const found = name === undefined ? [] : entriesFor(mesh, name);
    if (found.length > 0) return found;
  }
  return address === undefined
    ? []
    : mesh.all('ServiceEntry').filter(({ spec }) => spec.addresses.some(({ value }) => value === address));
}

function entriesFor(mesh: Mesh, host: string): readonly Resource<'ServiceEntry'>[] {
  const byPattern = patternsFor(host).map((pattern) =>
    mesh.hostOwners(pattern).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : [])),
  );
  return byPattern.find((found) => found.length > 0) ?? [];
}

/** The entries of the host with what belongs to them, and what denied. Of many what denied and the first; the last says how many more there are. */
export function linksOf(mesh: Mesh, entry: LogEntry, denial: Denial | undefined): readonly LogLink[] {
  const { port } = requestedOf(entry);
  const host = servedHost(entry);
  const entries = entriesOf(mesh, entry);
  // Each line of a log asks, so the entries that are not listed are only counted.
  const listed = entries
    .slice(0, mostRelated)
    .flatMap((serviceEntry) => [
      serviceLink(serviceEntry, host, port),
      ...waypointLinks(mesh, serviceEntry, denial),
      ...(isRefusedByAuthorizer(entry) ? authorizerLinks(mesh, serviceEntry) : []),
      ...ruleLinks(mesh, serviceEntry, host),
    ]);
  const denying = denyingLinks(mesh, denial);
  const more = Math.max(0, entries.length - mostRelated);
  const links = unique([...listed, ...denying]);
  return more === 0 && links.length <= mostRelated
    ? links
    : firstRelated(unique([...denying, ...listed]), links.length + more);
}

function serviceLink(entry: Resource<'ServiceEntry'>, host: string | undefined, port: number | undefined): LogLink {
  const listed = host === undefined ? undefined : writtenHosts(entry).get(host);
  const at = entry.spec.ports.find(({ number }) => number?.value === port);
  if (port !== undefined && !at)
    return {
      resource: entry,
      span: entry.spec.portsKey ?? entry.at.name,
      message: `${describe(entry)} has the host, but not port ${port}.`,
    };
  const target = at?.targetPort ? ` (targetPort ${at.targetPort.value})` : '';
  return {
    resource: entry,
    span: at?.span ?? listed?.span ?? entry.at.name,
    message: `${describe(entry)} declares the host${at ? `, port ${port}${target}` : ''}.`,
  };
}

function waypointLinks(mesh: Mesh, entry: Resource<'ServiceEntry'>, denial: Denial | undefined): readonly LogLink[] {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state !== 'bound') return [];
  const { gateway } = binding;
  const policies =
    denial?.by === 'implicit-deny'
      ? policiesAt(mesh, gateway, entry).filter((policy) => actionOf(policy) === 'ALLOW' && !isDryRun(policy))
      : [];
  return [
    {
      resource: gateway,
      span: gateway.at.name,
      message: `${describe(gateway)} is the waypoint of the host.`,
    },
    ...policies.map((resource) => ({
      resource,
      span: resource.at.name,
      message: `${describe(resource)} allows some requests and so denies all others; none of its rules matched this request.`,
    })),
  ];
}

function isRefusedByAuthorizer(entry: LogEntry): boolean {
  return valueOf(entry, 'response_flags')?.split(',').includes('UAEX') === true;
}

function authorizerLinks(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly LogLink[] {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state !== 'bound') return [];
  return policiesAt(mesh, binding.gateway, entry)
    .filter((policy) => actionOf(policy) === 'CUSTOM')
    .map((resource) => ({
      resource,
      span: resource.at.name,
      message: `${describe(resource)} sends requests to the external authorizer.`,
    }));
}

function ruleLinks(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string | undefined): readonly LogLink[] {
  const name = host !== undefined && writtenHosts(entry).has(host) ? host : entry.spec.hosts[0]?.value;
  const choice = name === undefined ? undefined : destinationRuleFor(mesh, entry, name);
  return chosenRules(choice).map((resource) => ({
    resource,
    span: resource.spec.trafficPolicy?.tls?.span ?? resource.at.name,
    message:
      choice?.state === 'selected'
        ? `${describe(resource)} decides how the waypoint connects to the host.`
        : `${describe(resource)} may decide how the waypoint connects to the host: the oldest rule is used.`,
  }));
}

function denyingLinks(mesh: Mesh, denial: Denial | undefined): readonly LogLink[] {
  if (denial?.by !== 'policy') return [];
  return mesh.named('AuthorizationPolicy', denial.namespace, denial.name).map((resource) => {
    const rule = denial.rule === undefined ? undefined : resource.spec.rules?.[denial.rule];
    return {
      resource,
      span: rule?.span ?? resource.at.name,
      message: rule
        ? `Rule ${denial.rule! + 1} of ${describe(resource)} denied the request.`
        : `${describe(resource)} denied the request${denial.rule === undefined ? '' : `; in the files it has no rule ${denial.rule + 1}`}.`,
    };
  });
}

function unique(links: readonly LogLink[]): readonly LogLink[] {
  return [...new Map(links.map((link) => [`${link.resource.id}:${link.span.start}`, link])).values()];
}

function chosenRules(choice: DestinationRuleChoice | undefined): readonly Resource<'DestinationRule'>[] {
  if (choice?.state === 'selected') return [choice.rule];
  return choice?.state === 'undetermined' ? choice.candidates : [];
}
