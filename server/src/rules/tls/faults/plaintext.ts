// Where plaintext really meets a port that expects TLS, and the one cause to name for it. Two rules ask here: the one that reports
// it at the ServiceEntry, and the one that reports an unused DestinationRule, so that one cause is told once.
import type { Span } from '../../../base/span.ts';
import {
  skippedRules,
  type Candidate,
  type DestinationRuleChoice,
  type PassedOver,
} from '../../../mesh/destination-rules/destination-rule-for.ts';
import { normalizeHost } from '../../../names/hosts.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import {
  tlsOfRule,
  upstreamTls,
  type NoTlsCause,
  type TlsEvidence,
  type UpstreamTls,
} from '../../../mesh/destination-rules/upstream-tls.ts';
import type { WaypointBinding } from '../../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ServiceEntryPort } from '../../../model/specs.ts';
import { useWaypoint, useWaypointNamespace } from '../../../model/label-names.ts';
import { isFaultOfRule } from './faults-of-rule.ts';
import { isContradicted } from '../applied/is-contradicted.ts';
import { isAmbientHere } from '../../shared/intent.ts';
import { hasMisspeltRule } from './misspelt-host.ts';
import { isReached } from '../applied/is-reached.ts';
import { isRerouted } from '../../../mesh/routes/rerouted.ts';
import { arrivesInTls, isExternal, tlsTargetOf, type TargetPort } from '../../../mesh/hosts/target-ports.ts';
import { rulesAnywhere } from '../../../mesh/destination-rules/matching-rules.ts';
import { hostsOfEntry } from '../../../mesh/hosts/hosts-of-entry.ts';

/** Plaintext that would reach a TLS port. */
export interface Plaintext {
  readonly host: string;
  readonly port: ServiceEntryPort;
  readonly target: TargetPort;
  readonly cause: NoTlsCause;
  /** The DestinationRule that is intended to originate TLS, or that decides; undefined if there is none. */
  readonly rule: Resource<'DestinationRule'> | undefined;
  /** What hides that rule. */
  readonly by: Resource<'DestinationRule'> | undefined;
  /** What to show for the cause. */
  readonly at: TlsEvidence | undefined;
  readonly binding: WaypointBinding;
}

/** Everything that would leave in the clear; what a rule of its own reports at a DestinationRule is left to it. */
export function plaintextOf(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly Plaintext[] {
  if (!isExternal(entry) || isContradicted(mesh, entry)) return [];
  return entry.spec.ports
    .flatMap((port) => {
      const target = tlsTargetOf(entry, port);
      return target ? hostsOfEntry(entry).flatMap((host) => plaintextAt(mesh, entry, port, target, host) ?? []) : [];
    })
    .filter(({ rule, cause, port }) => !rule || !isFaultOfRule(mesh, rule, cause, port));
}

/** Whether another rule reports the cause of plaintext on that port: a misspelt host of a DestinationRule, or a duplicate object. */
export function isReportedAsTypo(mesh: Mesh, entry: Resource<'ServiceEntry'>, port: number, host: string): boolean {
  return isContradicted(mesh, entry) || hasMisspeltRule(mesh, entry, port, host);
}

function plaintextAt(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  port: ServiceEntryPort,
  target: TargetPort,
  host: string,
): Plaintext | undefined {
  const number = port.number!.value;
  const tls = upstreamTls(mesh, entry, port, host);
  if (tls.state === 'originated' || !isReached(mesh, entry, host, tls.binding) || isRerouted(mesh, entry, number, host))
    return undefined;
  const found = { host, port, target, binding: tls.binding };
  if (tls.binding.state !== 'bound') return withoutWaypoint(mesh, entry, found);
  if (tls.state === 'unknown' || (tls.cause === 'no-rule' && hasMisspeltRule(mesh, entry, number, host)))
    return undefined;
  return {
    ...found,
    ...(passedOver(skippedRules(mesh, entry, host, tls.binding), tls, number) ?? {
      cause: tls.cause,
      rule: ruleOf(tls.choice, tls.at),
      by: undefined,
      at: tls.at,
    }),
  };
}

type Found = Pick<Plaintext, 'host' | 'port' | 'target' | 'binding'>;

/**
 * With no waypoint (or none that is known) a sidecar may look rules up from any namespace, so plaintext is certain only where no
 * rule anywhere would originate TLS, or where clients are ambient: rules are for waypoints then.
 * istio@86c9f01 pilot/pkg/model/push_context.go destinationRule; ztunnel@62d8265 src/proxy/outbound.rs build_request.
 */
function withoutWaypoint(mesh: Mesh, entry: Resource<'ServiceEntry'>, found: Found): Plaintext | undefined {
  const number = found.port.number!.value;
  const { helping, isUnclear, first: rule } = rulesForPort(mesh, found.host, number);
  if (isUnclear) return undefined;
  const isAmbient = found.binding.state === 'unbound' && isAmbientHere(mesh, entry);
  if (helping)
    return isAmbient && !isReportedElsewhere(mesh, entry, found)
      ? { ...found, ...causeIn(helping, number), cause: 'unbound-waypoint' }
      : undefined;
  if (!mesh.knows('DestinationRule') || tlsPolicyOn(mesh, entry)) return undefined;
  if (!rule && hasMisspeltRule(mesh, entry, number, found.host)) return undefined;
  return rule
    ? { ...found, ...causeIn(rule, number) }
    : { ...found, cause: isAmbient ? 'unbound-waypoint' : 'no-rule', rule: undefined, by: undefined, at: undefined };
}

interface RulesForPort {
  readonly first: Resource<'DestinationRule'> | undefined;
  readonly helping: Resource<'DestinationRule'> | undefined;
  /** A mode that Istio does not have is reported as such. */
  readonly isUnclear: boolean;
}

function rulesForPort(mesh: Mesh, host: string, port: number): RulesForPort {
  return mesh.derived(`rules for port ${port} of ${normalizeHost(host)}`, (view) => {
    const rules = rulesAnywhere(view, host);
    return {
      first: rules[0],
      helping: rules.find((rule) => tlsOfRule(rule, port).mode),
      isUnclear: rules.some((rule) => !tlsOfRule(rule, port).mode && !tlsOfRule(rule, port).cause),
    };
  });
}

/** Whether `egress-bypasses-waypoint` or `use-waypoint-misplaced` names the missing waypoint already. */
function isReportedElsewhere(mesh: Mesh, entry: Resource<'ServiceEntry'>, { binding, host }: Found): boolean {
  if (binding.state === 'unbound' && binding.optedOut) return false;
  return (
    mesh.targeting('ServiceEntry', entry.namespace, entry.name).some(({ kind }) => kind !== 'BackendTLSPolicy') ||
    mesh.routesTo('ServiceEntry', entry.namespace, entry.name).length > 0 ||
    entry.spec.ports.some(
      (port) =>
        !arrivesInTls(port) &&
        !port.targetPort &&
        port.number &&
        mesh.destinationRulesAnywhere(host).some((rule) => tlsOfRule(rule, port.number!.value).mode),
    ) ||
    [entry, ...mesh.named('Namespace', '', entry.namespace)].some(
      ({ labels, annotations }) =>
        annotations.has(useWaypoint) || (labels.has(useWaypointNamespace) && !labels.has(useWaypoint)),
    )
  );
}

function tlsPolicyOn(mesh: Mesh, entry: Resource<'ServiceEntry'>): boolean {
  return mesh.targeting('ServiceEntry', entry.namespace, entry.name).some(({ kind }) => kind === 'BackendTLSPolicy');
}

type Cause = Pick<Plaintext, 'cause' | 'rule' | 'by' | 'at'>;

function causeIn(rule: Resource<'DestinationRule'>, port: number): Cause {
  const { cause = 'no-tls', span } = tlsOfRule(rule, port);
  return { cause, rule, by: undefined, at: { resource: rule, span } };
}

/** The rule that would originate TLS if only it were selected. */
function passedOver(
  skipped: readonly Candidate[],
  { cause, at }: Extract<UpstreamTls, { state: 'plain' }>,
  port: number,
): Cause | undefined {
  const meant = skipped.find((other) => other.passedOver === cause && tlsOfRule(other.rule, port).mode);
  if (!meant) return undefined;
  return {
    cause,
    rule: meant.rule,
    by: meant.by,
    at: cause === 'entry-not-exported' ? at : { resource: meant.rule, span: placeOf(meant.rule, meant.passedOver) },
  };
}

/** The node of an unused rule that prevents its selection. */
export function placeOf(rule: Resource<'DestinationRule'>, cause: PassedOver): Span {
  const { exportTo, host, workloadSelector } = rule.spec;
  if (cause === 'other-namespace') return rule.at.namespace ?? rule.at.name;
  if (cause === 'not-exported') return exportTo?.[0]?.span ?? rule.at.name;
  if (cause === 'workload-selector') return workloadSelector?.key ?? rule.at.name;
  return host?.span ?? rule.at.name;
}

function ruleOf(choice: DestinationRuleChoice, at: TlsEvidence | undefined): Resource<'DestinationRule'> | undefined {
  if (choice.state === 'selected') return choice.rule;
  return at?.resource.kind === 'DestinationRule' ? (at.resource as Resource<'DestinationRule'>) : undefined;
}
