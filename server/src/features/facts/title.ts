// Facts in one short line, for a code lens.
import { unreachable } from '../../base/unreachable.ts';
import { describe } from '../../model/resource.ts';
import type { WaypointBinding } from '../../mesh/binding/waypoint-binding.ts';
import type { PolicyFacts } from './authorization-policy.ts';
import type { PassedOver } from '../../mesh/destination-rules/destination-rule-for.ts';
import type { RuleFacts, Selection } from './destination-rule.ts';
import type { EgressGatewayFacts } from './egress-gateway.ts';
import type { GatewayFacts, NamespaceFacts } from './enrolment.ts';
import type { Facts } from './facts.ts';
import type { Callers, EntryFacts, PortFacts } from './service-entry.ts';
import { nameOfGateway, titleOfWays } from './say-ways.ts';
import { counted, fullName, passedOver, unusedBySidecars } from './fact-wording.ts';

export function titleOf(facts: Facts): string {
  return partsOf(facts)
    .filter((part) => part !== '')
    .join(' · ');
}

function partsOf(facts: Facts): readonly string[] {
  switch (facts.kind) {
    case 'ServiceEntry':
      return ofEntry(facts);
    case 'DestinationRule':
      return ofRule(facts);
    case 'Gateway':
      return ofGateway(facts);
    case 'egress-gateway':
      return ofEgressGateways(facts);
    case 'lead':
      return titleOfWays(facts.ways, []);
    case 'Namespace':
      return ofNamespace(facts);
    case 'AuthorizationPolicy':
      return ofPolicy(facts);
    case 'refused':
      return ['refused by the API server, so it does not count'];
    default:
      return unreachable(facts);
  }
}

function ofEntry({ entry, binding, hosts, callers, gateways }: EntryFacts): readonly string[] {
  const ways = hosts.flatMap((host) => host.ways);
  const listed = entry.spec.ports.flatMap(({ number }) => (number ? [number.value] : []));
  const through = titleOfWays(ways, listed);
  const ports = distinct(hosts.flatMap((host) => host.ports.map(ofPort)));
  const unreached = hosts.filter(({ address }) => address.state === 'none').length;
  return [
    ...(binding.state === 'unbound' && through.length > 0 ? [] : [ofBinding(binding)]),
    ...through,
    ...few(ports, 3, 'kinds of port'),
    binding.state === 'bound' ? ofUnreached(unreached, hosts.length) : '',
    ...(gateways.length > 0
      ? distinct(gateways.map((one) => ofCallers({ state: 'judged', ...one })))
      : [ofCallers(callers)]),
  ];
}

function ofUnreached(unreached: number, all: number): string {
  if (unreached === 0) return '';
  if (unreached === all) return 'no address: waypoint skipped';
  return counted(unreached, 'host without an address', 'hosts without an address');
}

function ofBinding(binding: WaypointBinding): string {
  switch (binding.state) {
    case 'bound':
      return `via ${fullName(binding.gateway)}`;
    case 'unbound':
      return 'direct, no waypoint';
    case 'unusable':
      return `direct, waypoint ${binding.label.namespace}/${binding.label.name} cannot be used`;
    case 'unknown':
      return 'waypoint unknown';
  }
}

function ofPort({ tls, speaks, targets }: PortFacts): string {
  const to = targets.length === 1 ? ` to :${targets[0]}` : '';
  if (!tls || tls.state === 'unknown') return '';
  if (tls.state === 'originated') return `TLS ${tls.mode}${to}`;
  if (speaks === 'http') return `plain HTTP${to}`;
  if (speaks === 'tls') return `client's TLS${to}`;
  return `${speaks === 'udp' ? 'UDP' : 'TCP'}${to}`;
}

function ofCallers(callers: Callers): string {
  if (callers.state === 'unknown' && callers.because) return `not followed: ${describe(callers.because.at.resource)}`;
  if (callers.state !== 'judged') return '';
  const enforced = callers.policies.filter(({ dryRun }) => !dryRun).length;
  if (enforced > 0) return counted(enforced, 'policy', 'policies');
  return callers.exhaustive ? 'anyone may call' : '';
}

function ofRule({ host, selections, unlisted, services, gateway }: RuleFacts): readonly string[] {
  if (gateway) return [`what sidecars send to egress gateway ${nameOfGateway(gateway)}`];
  const applied = selections.filter(({ outcome, appliedBy }) => outcome === 'selected' || appliedBy.length > 0);
  const modes = distinct(applied.flatMap(({ ports }) => ports.map(({ mode }) => (mode ? `TLS ${mode}` : 'no TLS'))));
  const aged = selections.filter(({ outcome }) => outcome === 'age-decides').length;
  const [refused] = selections.filter(({ outcome }) => outcome === 'passed-over');
  const more = unlisted > 0 ? '+' : '';
  if (selections.length === 0 && services > 0) return [counted(services, 'Service', 'Services')];
  if (selections.length === 0) return [host === '' ? '' : `no ServiceEntry has the host ${host}`];
  return [
    applied.length === 0
      ? ''
      : `${modes.length === 1 ? `${modes[0]} for` : 'applies to'} ${applied.length === 1 && more === '' ? applied[0]!.host : `${applied.length}${more} hosts`}`,
    aged === 0 ? '' : `${counted(aged, 'host', 'hosts')}: the rule created first is used`,
    applied.length === 0 && refused?.passedOver ? `not applied: ${whyNot(refused, refused.passedOver)}` : '',
  ];
}

function whyNot({ isUnused }: Selection, why: PassedOver): string {
  return isUnused && why === 'no-waypoint' ? unusedBySidecars : passedOver[why];
}

function ofGateway({ bound, refused, unexamined, policies }: GatewayFacts): readonly string[] {
  return [
    `waypoint of ${counted(bound.length, 'object', 'objects', unexamined > 0)}`,
    refused.length === 0 ? '' : `${refused.length} not bound`,
    policies.length === 0 ? '' : counted(policies.length, 'policy', 'policies'),
  ];
}

function ofEgressGateways({ gateways }: EgressGatewayFacts): readonly string[] {
  return gateways.flatMap(({ gateway, ...callers }) => [
    `pods of egress gateway ${nameOfGateway(gateway)}`,
    ofCallers({ state: 'judged', ...callers }),
  ]);
}

function ofNamespace({ label, gateway, entries, unexamined }: NamespaceFacts): readonly string[] {
  if (label.name === 'none') return ['no waypoint (label none)'];
  const bound = entries.filter(({ binding }) => binding.state === 'bound').length;
  return [
    `${counted(bound, 'ServiceEntry', 'ServiceEntries', unexamined > 0)} via ${label.namespace}/${label.name}`,
    gateway ? '' : 'not in these files',
    entries.length > bound ? `${entries.length - bound} not bound` : '',
  ];
}

function ofPolicy({ action, dryRun, targets, gateways }: PolicyFacts): readonly string[] {
  const enforced = targets.filter(({ state }) => state === 'enforced');
  const names = enforced.map(({ ref }) => `${ref.kind?.value ?? ''} ${ref.name?.value ?? ''}`);
  const idle = targets.filter(({ state }) => state === 'no-waypoint' || state === 'missing').length;
  return [
    action,
    dryRun ? 'dry run' : '',
    ...few(
      gateways.map((one) => `enforced at egress gateway ${nameOfGateway(one)}`),
      2,
      'egress gateways enforce it',
    ),
    targets.length + gateways.length === 0 ? 'no waypoint applies it' : '',
    enforced.length === 0 ? '' : `enforced for ${few(names, 2, 'targets').join(', ')}`,
    idle === 0 ? '' : `${idle} of ${counted(targets.length, 'target', 'targets')} not enforced`,
  ];
}

function few(parts: readonly string[], most: number, what: string): readonly string[] {
  return parts.length > most ? [`${parts.length} ${what}`] : parts;
}

function distinct(parts: readonly string[]): readonly string[] {
  return [...new Set(parts)].filter((part) => part !== '');
}
