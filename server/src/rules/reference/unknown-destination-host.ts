import { relatedPlaces } from '../shared/resource-lists.ts';
import type { Field } from '../../model/field.ts';
import { hostMatches, looksInCluster, normalizeHost } from '../../names/hosts.ts';
import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
import { scopeOf } from '../../mesh/hosts/visibility.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { allocatesAddresses } from '../../mesh/hosts/virtual-address.ts';
import { isInstalledGateway, isVouchedFor, nearestHost, ownersOf } from '../shared/known-hosts.ts';
import { defineRule, type Change, type Fix, type RuleFinding } from '../rule.ts';
import { waypointOfService } from '../shared/waypoint-objects.ts';
import { misnamedService } from '../shared/misnamed-service.ts';
import { missingEntry } from '../shared/missing-entry.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';

interface Data {
  readonly name: string;
  readonly hidden: boolean;
  /** What has the host, where only a wildcard does. */
  readonly wildcard: string | undefined;
}

export const unknownDestinationHost = defineRule({
  id: 'unknown-destination-host',
  stage: 'reference',
  summary: 'A DestinationRule has no effect, because no ServiceEntry or Service has its host.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0174', 'KIA0202'],
  subjects: ['DestinationRule'],
  inputs: ['ServiceEntry', 'Service', 'Gateway', 'IstioGateway', 'Pod', 'Workload'],

  *check(rule, mesh): Iterable<RuleFinding<Data>> {
    const { host } = rule.spec;
    if (!host) return;
    const name = ruleHost(rule, mesh.settings.clusterDomain);
    // Istio makes a Service of every waypoint.
    if (!isVouchedFor(mesh, name) || waypointOfService(mesh, name)) return;
    const owners = ownersOf(mesh, name);
    const wildcard = onlyWildcard(owners, name);
    if (wildcard) yield narrowerThan(mesh, rule, host, wildcard);
    const alias = aliasOnly(owners);
    if (alias) yield forAlias(host, alias);
    if (owners.length > 0 && isSeen(mesh, name, rule.namespace)) return;
    const hidden = owners[0]?.resource;
    const short = hidden ? undefined : shortOf(mesh, rule);
    const isConditional = !hidden && !short && isPerhapsElsewhere(mesh, rule, name);
    const finding = {
      at: host.span,
      message: hidden
        ? `This rule has no effect: ${describe(hidden)} has the host ${host.value}, but is not exported to namespace ${rule.namespace}.`
        : (short ?? withoutHost(host.value, isConditional)),
      related: relatedPlaces(owners, ({ resource }) => ({
        resource,
        at: resource.at.name,
        message: `${describe(resource)} is not exported to namespace ${rule.namespace}.`,
      })),
      data: { name, hidden: hidden !== undefined, wildcard: undefined },
    };
    yield isConditional ? { ...finding, severity: 'information' } : finding;
  },

  *fixes({ name, hidden, wildcard }, rule, mesh) {
    // A second rule for one host would lose against the first.
    const isFree = (host: string) => mesh.destinationRules(rule.namespace, host).length === 0;
    if (wildcard !== undefined && isFree(wildcard)) yield toHost(rule, wildcard);
    if (hidden || wildcard !== undefined) return;
    const misnamed = misnamedService(mesh, name, rule);
    const nearest = misnamed?.full ?? nearestHost(mesh, name);
    if (nearest !== undefined && nearest !== name && isFree(nearest)) yield toHost(rule, nearest);
    // Where it is short for a Service, that one is meant.
    if (misnamed || !isCreatable(mesh, name)) return;
    // Istio compares both letter by letter, and clients send neither upper case nor a dot at the end.
    const spelling: readonly Change[] =
      rule.spec.host?.value === name ? [] : [{ op: 'set', in: rule, path: ['spec', 'host'], value: name }];
    yield {
      title: `Create a ServiceEntry for ${name}`,
      safety: 'unsafe',
      changes: [...spelling, createEntry(mesh, name, rule)],
    };
  },
});

function isCreatable(mesh: Mesh, host: string): boolean {
  return (
    !host.startsWith('*') && !looksInCluster(host, mesh.settings.clusterDomain) && allocatesAddresses(mesh.settings)
  );
}

function toHost(rule: Resource<'DestinationRule'>, host: string): Fix {
  return {
    title: `Change the host to ${host}`,
    safety: 'unsafe',
    changes: [{ op: 'set', in: rule, path: ['spec', 'host'], value: host }],
  };
}

/** The Service of type ExternalName, if nothing else has the host. */
function aliasOnly(owners: readonly HostOwner[]): Resource<'Service'> | undefined {
  const first = owners[0]?.resource;
  const isAlias = owners.every(({ resource }) => resource.kind === 'Service' && resource.spec.type === 'ExternalName');
  return isAlias && first?.kind === 'Service' && first.spec.externalName ? first : undefined;
}

/** To a proxy such a Service is another name of its target. istio@86c9f01 pilot/pkg/model/push_context.go resolveServiceAliases; §K.1, §K.2. */
function forAlias(host: Field<string>, service: Resource<'Service'>): RuleFinding<Data> {
  const target = service.spec.externalName!;
  return {
    at: host.span,
    severity: 'information',
    message: `This rule has no effect: ${describe(service)} of type ExternalName is only another name for ${target}, and Istio applies the rules of ${target}.`,
    related: [{ resource: service, at: service.at.name, message: `${describe(service)} is the alias.` }],
    data: { name: host.value, hidden: false, wildcard: target },
  };
}

/** That Istio does not complete the name of a Service, where it is not. */
function shortOf(mesh: Mesh, rule: Resource<'DestinationRule'>): string | undefined {
  const written = rule.spec.host?.value ?? '';
  const found = misnamedService(mesh, written, rule);
  return found?.how === 'without-domain'
    ? `This rule has no effect: ${written} is not completed to ${found.full}, because Istio completes only names without a dot.`
    : undefined;
}

/**
 * What has the host if only wider wildcards do: a rule is looked up for the host of a service as it is written, so that a narrower
 * one is for no service. istio@86c9f01 pilot/pkg/model/push_context.go destinationRule; pilot/pkg/model/config.go MostSpecificHostMatch.
 */
function onlyWildcard(owners: readonly HostOwner[], name: string): HostOwner | undefined {
  const isWider = ({ host }: HostOwner) => host.startsWith('*') && host !== name && hostMatches(host, name);
  return owners.every(isWider) ? owners[0] : undefined;
}

function narrowerThan(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  written: Field<string>,
  { resource, host }: HostOwner,
): RuleFinding<Data> {
  const isConditional = mesh.inNamespace('ServiceEntry', rule.namespace).length === 0;
  const unless = isConditional ? ` unless a ServiceEntry with host ${written.value} is declared elsewhere` : '';
  return {
    at: written.span,
    message: `This rule has no effect${unless}: only the wildcard ${host} of ${describe(resource)} has the host, and Istio applies no rule for a narrower host to it.`,
    related: [{ resource, at: resource.at.name, message: `${describe(resource)} has ${host}.` }],
    data: { name: written.value, hidden: false, wildcard: host },
    ...(isConditional && { severity: 'information' }),
  };
}

function withoutHost(host: string, isConditional: boolean): string {
  return isConditional
    ? `This rule has no effect unless a ServiceEntry or Service with host ${host} is declared elsewhere: these files have none.`
    : `This rule has no effect: there is no ServiceEntry or Service with host ${host} in these files.`;
}

/** A rule without any entry beside it is often a piece of something larger; gateways come with an installation. */
function isPerhapsElsewhere(mesh: Mesh, rule: Resource<'DestinationRule'>, name: string): boolean {
  if (looksInCluster(name, mesh.settings.clusterDomain))
    return isInstalledGateway(mesh, name, rule.namespace) && nearestHost(mesh, name) === undefined;
  return mesh.inNamespace('ServiceEntry', rule.namespace).length === 0;
}

/**
 * Whether a rule of the namespace is looked up for an owner of the host: those of the owner's own namespace and of the root namespace are, for any
 * client. istio@86c9f01 pilot/pkg/model/push_context.go destinationRule.
 */
function isSeen(mesh: Mesh, name: string, namespace: string): boolean {
  const sight = sightOf(mesh, name);
  return sight === 'everywhere' || namespace === mesh.settings.rootNamespace || sight.has(namespace);
}

/** Worked out once for all rules of a host. */
function sightOf(mesh: Mesh, name: string): 'everywhere' | ReadonlySet<string> {
  return mesh.derived(`sight of known owners ${normalizeHost(name)}`, (view) => {
    const found = new Set<string>();
    for (const { resource } of ownersOf(view, name)) {
      const scope = resource.kind === 'Service' ? 'everywhere' : scopeOf(view, resource);
      if (scope === 'everywhere') return scope;
      found.add(resource.namespace);
      if (scope !== 'nowhere') for (const one of scope) found.add(one);
    }
    return found;
  });
}

function createEntry(mesh: Mesh, host: string, rule: Resource<'DestinationRule'>): Change {
  const namespace = rule.at.namespace ? rule.namespace : undefined;
  return { op: 'append-document', after: rule, manifest: missingEntry(mesh, { host, namespace, rules: [rule] }) };
}
