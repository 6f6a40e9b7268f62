// What other resources name and nobody declares yet: it fits where such a thing is declared.
import { useWaypointOn } from '../../mesh/binding/use-waypoint.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { fullHost, looksInCluster, normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { Kind } from '../../model/kinds.ts';
import type { FieldAt } from '../situation.ts';
import { distinct, type Candidate } from './form.ts';

interface NamedHost {
  readonly host: string;
  readonly by: Resource;
}

/** Hosts that rules, routes and policies name and that no ServiceEntry lists. */
export function* undeclaredHosts({ mesh }: Pick<FieldAt, 'mesh'>): Generator<Candidate> {
  yield* distinct(candidates());

  function* candidates(): Generator<Candidate> {
    const { clusterDomain } = mesh.settings;
    for (const { host, by } of namedHosts(mesh))
      if (host.includes('.') && !looksInCluster(host, clusterDomain) && !isDeclared(mesh, host))
        yield { text: host, detail: `named by ${describe(by)}`, uri: by.uri };
  }
}

function isDeclared(mesh: Mesh, host: string): boolean {
  return [host, ...patternsFor(host)].some((pattern) => mesh.hostOwners(pattern).length > 0);
}

function* namedHosts(mesh: Mesh): Generator<NamedHost> {
  const { clusterDomain } = mesh.settings;
  for (const by of mesh.all('DestinationRule')) yield { host: ruleHost(by, clusterDomain), by };
  for (const by of mesh.all('VirtualService'))
    for (const name of hostsOfVirtualService(by)) yield { host: fullHost(name, by.namespace, clusterDomain), by };
  for (const by of mesh.all('AuthorizationPolicy'))
    for (const name of valuesIn(by, 'to', 'hosts')) yield { host: normalizeHost(name.replace(/:(?:\d+|\*)$/, '')), by };
  for (const kind of ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'] as const)
    for (const by of mesh.all(kind))
      for (const { name, kind: target } of by.spec.rules.flatMap((rule) => rule.backendRefs))
        if (target?.value === 'Hostname' && name) yield { host: normalizeHost(name.value), by };
  for (const by of mesh.all('Sidecar'))
    for (const { value } of by.spec.egressHosts) yield { host: normalizeHost(value.slice(value.indexOf('/') + 1)), by };
}

function* hostsOfVirtualService({ spec }: Resource<'VirtualService'>): Generator<string> {
  for (const { value } of spec.hosts) yield value;
  for (const { destinations, mirrors, matches } of routesOf(spec)) {
    for (const { host } of [...destinations, ...mirrors]) if (host) yield host.value;
    for (const { value } of matches.flatMap((match) => match.sniHosts)) yield value;
  }
}

function routesOf({ http, tls, tcp }: Resource<'VirtualService'>['spec']): readonly (typeof http)[number][] {
  return [...http, ...tls, ...tcp];
}

function valuesIn(policy: Resource<'AuthorizationPolicy'>, part: 'from' | 'to', field: string): readonly string[] {
  const clauses = (policy.spec.rules ?? []).flatMap((rule) => rule[part]);
  const fields = clauses.flatMap((clause) => clause.fields).filter(({ name }) => name === field);
  return fields.flatMap(({ values }) => values.map(({ value }) => value));
}

/** Ports of these hosts that rules, routes and the policies of their entry name. */
export function* namedPorts(
  mesh: Mesh,
  hosts: readonly string[],
  { namespace, name }: Pick<FieldAt, 'namespace' | 'name'>,
): Generator<Candidate> {
  for (const host of hosts) yield* portsOfRules(mesh, host);
  for (const host of hosts) yield* portsOfRoutes(mesh, host);
  for (const by of mesh.targeting('ServiceEntry', namespace, name))
    if (by.kind === 'AuthorizationPolicy')
      for (const port of valuesIn(by, 'to', 'ports')) yield portNamed(Number(port), by);
}

function* portsOfRules(mesh: Mesh, host: string): Generator<Candidate> {
  for (const by of mesh.destinationRulesAnywhere(host))
    for (const { port } of [by.spec, ...by.spec.subsets].flatMap((one) => one.trafficPolicy?.portLevelSettings ?? []))
      yield portNamed(port?.value, by);
}

function* portsOfRoutes(mesh: Mesh, host: string): Generator<Candidate> {
  for (const by of mesh.virtualServicesRoutingTo(host))
    for (const { host: to, port } of routesOf(by.spec).flatMap(({ destinations }) => destinations))
      if (to && fullHost(to.value, by.namespace, mesh.settings.clusterDomain) === host)
        yield portNamed(port?.value, by);
  for (const by of mesh.routesToHost(host))
    for (const { name, port } of by.spec.rules.flatMap((rule) => rule.backendRefs))
      if (name && normalizeHost(name.value) === host) yield portNamed(port?.value, by);
}

function portNamed(port: number | undefined, by: Resource): Candidate {
  const isPort = port !== undefined && Number.isInteger(port) && port > 0;
  return { text: isPort ? String(port) : '', detail: `named by ${describe(by)}`, uri: by.uri };
}

/** Names of objects of this kind and namespace that labels and policies name and that no file has. */
export function* undeclaredNames(at: Pick<FieldAt, 'mesh' | 'kind' | 'namespace'>): Generator<Candidate> {
  yield* distinct(candidates());

  function* candidates(): Generator<Candidate> {
    for (const { kind, namespace, name, by } of namedObjects(at.mesh, at.kind))
      if (kind === at.kind && namespace === at.namespace && at.mesh.named(kind, namespace, name).length === 0)
        yield { text: name, detail: `named by ${describe(by)}`, uri: by.uri };
  }
}

interface NamedObject {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly by: Resource;
}

function* namedObjects(mesh: Mesh, kind: Kind): Generator<NamedObject> {
  if (kind === 'Gateway') yield* namedWaypoints(mesh);
  if (kind === 'ServiceEntry')
    for (const by of mesh.all('AuthorizationPolicy'))
      for (const { kind: target, name } of by.spec.targetRefs)
        if (target?.value === kind && name) yield { kind, namespace: by.namespace, name: name.value, by };
  if (kind === 'ServiceAccount') yield* namedAccounts(mesh);
}

function* namedWaypoints(mesh: Mesh): Generator<NamedObject> {
  for (const by of [...mesh.all('Namespace'), ...mesh.all('ServiceEntry'), ...mesh.all('Service')]) {
    const label = useWaypointOn(by);
    if (label && label.name !== 'none') yield { kind: 'Gateway', namespace: label.namespace, name: label.name, by };
  }
}

function* namedAccounts(mesh: Mesh): Generator<NamedObject> {
  for (const by of mesh.all('AuthorizationPolicy'))
    for (const account of valuesIn(by, 'from', 'serviceAccounts')) {
      const slash = account.indexOf('/');
      const namespace = slash < 0 ? by.namespace : account.slice(0, slash);
      yield { kind: 'ServiceAccount', namespace, name: account.slice(slash + 1), by };
    }
}
