// From a line to the manifests that it speaks of.
import type { Span } from '../../base/span.ts';
import { destinationRuleFor, type DestinationRuleChoice } from '../../mesh/destination-rules/destination-rule-for.ts';
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { policiesAt } from '../authz/attached-policies.ts';
import { actionOf, isDryRun } from '../authz/evaluate.ts';
import { parseCluster } from './upstream-cluster.ts';
import type { Denial } from './details.ts';
import { valueOf, type LogEntry } from './entry.ts';

export interface LogLink {
  readonly resource: Resource;
  /** In the resource's document. */
  readonly span: Span;
  /** What it has to do with the line, one sentence. */
  readonly message: string;
}

/** Host and port that the client dialled, as far as the line says. */
export interface Dialled {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

export function dialledOf(entry: LogEntry): Dialled {
  const cluster = parseCluster(valueOf(entry, 'upstream_cluster') ?? '');
  const authority = valueOf(entry, 'authority')?.replace(/:\d+$/, '');
  const host = cluster.host ?? valueOf(entry, 'dst.service') ?? authority ?? valueOf(entry, 'requested_server_name');
  const port =
    cluster.port ?? portOf(valueOf(entry, 'downstream_local_address')) ?? portOf(valueOf(entry, 'dst.hbone_addr'));
  return { host: host && normalizeHost(host), port };
}

function portOf(address: string | undefined): number | undefined {
  const port = address === undefined ? undefined : /:(\d+)$/.exec(address)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** The entry that the line's host belongs to; several where the files hold the host more than once. */
export function entriesOf(mesh: Mesh, entry: LogEntry): readonly Resource<'ServiceEntry'>[] {
  const { host } = dialledOf(entry);
  const byHost =
    host === undefined
      ? []
      : (patternsFor(host)
          .map((pattern) =>
            mesh.hostOwners(pattern).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : [])),
          )
          .find((found) => found.length > 0) ?? []);
  if (byHost.length > 0) return byHost;
  const address = (valueOf(entry, 'downstream_local_address') ?? valueOf(entry, 'dst.hbone_addr'))
    ?.replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
  return address === undefined
    ? []
    : mesh.all('ServiceEntry').filter(({ spec }) => spec.addresses.some(({ value }) => value === address));
}

export function linksOf(mesh: Mesh, entry: LogEntry, denial: Denial | undefined): readonly LogLink[] {
  const { host, port } = dialledOf(entry);
  const entries = entriesOf(mesh, entry);
  const links = entries.flatMap((serviceEntry) => [
    serviceLink(serviceEntry, host, port),
    ...waypointLinks(mesh, serviceEntry, denial),
    ...ruleLinks(mesh, serviceEntry, host),
  ]);
  return unique([...links, ...denyingLinks(mesh, denial)]);
}

function serviceLink(entry: Resource<'ServiceEntry'>, host: string | undefined, port: number | undefined): LogLink {
  const listed = entry.spec.hosts.find(({ value }) => normalizeHost(value) === host);
  const at = entry.spec.ports.find(({ number }) => number?.value === port);
  if (port !== undefined && !at)
    return {
      resource: entry,
      span: entry.spec.portsKey ?? entry.at.name,
      message: `${describe(entry)} names the host, but lists no port ${port}.`,
    };
  const target = at?.targetPort ? `, which is dialled as ${at.targetPort.value} outside` : '';
  return {
    resource: entry,
    span: at?.span ?? listed?.span ?? entry.at.name,
    message: `${describe(entry)} makes the host known${at ? `; this is port ${port}${target}` : ''}.`,
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
      message: `${describe(gateway)} is the waypoint that the host goes through.`,
    },
    ...policies.map((resource) => ({
      resource,
      span: resource.at.name,
      message: `${describe(resource)} allows some requests, and so denies all others; none of its rules matched this one.`,
    })),
  ];
}

function ruleLinks(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string | undefined): readonly LogLink[] {
  const name =
    host !== undefined && entry.spec.hosts.some(({ value }) => normalizeHost(value) === host)
      ? host
      : entry.spec.hosts[0]?.value;
  const choice = name === undefined ? undefined : destinationRuleFor(mesh, entry, name);
  return chosenRules(choice).map((resource) => ({
    resource,
    span: resource.spec.trafficPolicy?.tls?.span ?? resource.at.name,
    message:
      choice?.state === 'selected'
        ? `${describe(resource)} decides how the waypoint connects to the host.`
        : `${describe(resource)} may decide how the waypoint connects to the host: age decides.`,
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
        ? `Rule ${denial.rule! + 1} of ${describe(resource)} denied it.`
        : `${describe(resource)} denied it${denial.rule === undefined ? '' : `; the files hold no rule ${denial.rule + 1}`}.`,
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
