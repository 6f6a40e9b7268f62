// What a DestinationRule comes to: for which entries' hosts and ports a waypoint selects it, and why not for others.
import { tlsOfRule, type NoTlsInRule } from '../../mesh/destination-rules/client-tls.ts';
import {
  destinationRuleFor,
  skippedRules,
  type Candidate,
  type PassedOver,
  type DestinationRuleChoice,
} from '../../mesh/destination-rules/destination-rule-for.ts';
import { egressGatewayAt, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { ownersCoveredBy } from '../../mesh/hosts/owners-covered-by.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { plainWays, useOfRule, waysOfRoutes } from './sidecar-ways.ts';

export interface RuleFacts {
  readonly kind: 'DestinationRule';
  readonly rule: Resource<'DestinationRule'>;
  /** As Istio compares it, a short name expanded. */
  readonly host: string;
  /** Hosts of ServiceEntries that the rule's host covers, the first {@link mostSelections} of them. */
  readonly selections: readonly Selection[];
  /** How many more there are. */
  readonly unlisted: number;
  /** Services that the rule's host covers: their traffic stays inside. */
  readonly services: number;
  /** Whose Service is the rule's host: the rule is for what sidecars send to it. */
  readonly gateway: EgressGateway | undefined;
}

export interface Selection {
  readonly entry: Resource<'ServiceEntry'>;
  readonly host: string;
  readonly outcome: 'selected' | 'age-decides' | 'passed-over' | 'unknown';
  /** Other proxies that apply it: sidecars, and egress gateways by their names. */
  readonly appliedBy: readonly string[];
  /** Sidecars come to the host, and neither they nor an egress gateway on their way apply it. */
  readonly isUnused: boolean;
  readonly passedOver: PassedOver | undefined;
  /** What is selected instead. */
  readonly by: Resource<'DestinationRule'> | undefined;
  readonly ports: readonly {
    readonly number: number;
    readonly mode: 'SIMPLE' | 'MUTUAL' | undefined;
    readonly cause: NoTlsInRule | undefined;
  }[];
}

/** The maximum for one hover: a rule for `*` covers the whole mesh. */
const mostSelections = 20;

export function ruleFacts(mesh: Mesh, rule: Resource<'DestinationRule'>): RuleFacts {
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  const owners = host === '' ? [] : ownersCoveredBy(mesh, host);
  const entries = owners.flatMap(({ resource, host: own }) =>
    resource.kind === 'ServiceEntry' ? [{ entry: resource, host: own }] : [],
  );
  return {
    kind: 'DestinationRule',
    rule,
    host,
    selections: entries.slice(0, mostSelections).map(({ entry, host: own }) => selectionOf(mesh, rule, entry, own)),
    unlisted: Math.max(0, entries.length - mostSelections),
    services: owners.length - entries.length,
    gateway: egressGatewayAt(mesh, host),
  };
}

function outcomeFor(
  { id }: Resource<'DestinationRule'>,
  choice: DestinationRuleChoice,
  passed: Candidate | undefined,
): Selection['outcome'] {
  if (choice.state === 'selected' && choice.rule.id === id) return 'selected';
  if (choice.state === 'undetermined' && choice.candidates.some((one) => one.id === id)) return 'age-decides';
  return passed ? 'passed-over' : 'unknown';
}

function selectionOf(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  entry: Resource<'ServiceEntry'>,
  host: string,
): Selection {
  const choice = destinationRuleFor(mesh, entry, host);
  const passed = skippedRules(mesh, entry, host).find((other) => other.rule.id === rule.id);
  const use = useOfRule([...waysOfRoutes(mesh, entry, host), ...plainWays(mesh, entry, host)], rule);
  return {
    entry,
    host,
    outcome: use.isByAge ? 'age-decides' : outcomeFor(rule, choice, passed),
    passedOver: passed?.passedOver,
    by: passed?.by,
    appliedBy: use.appliedBy,
    isUnused: use.isUnused,
    ports: entry.spec.ports.flatMap(({ number }) => {
      if (!number) return [];
      const { mode, cause } = tlsOfRule(rule, number.value);
      return [{ number: number.value, mode, cause }];
    }),
  };
}
