// Which findings may show up when a fix of another one is applied.
import { shippedRules } from '../../server/src/engine/analyze.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import type { Stage } from '../../server/src/rules/rule.ts';

/**
 * A root cause is told once: while a name leads nowhere, or requests go past the waypoint, the rules of later hops are silent. Once that is
 * fixed they speak of what was wrong there all along. Repairs of every other fault bring nothing up, and what a fix writes is right.
 */
const hops: readonly Stage[] = [
  'reference',
  'capture',
  'waypoint',
  'route',
  'tls',
  'authorization',
  'telemetry',
  'leak',
  'trace',
];
const lightOf: Readonly<Record<string, readonly Stage[]>> = {
  // What was refused comes into force.
  schema: hops,
  'mistyped-resource': ['schema', ...hops],
  'unknown-kind': ['schema', ...hops],
  reference: hops,
  capture: hops,
  waypoint: hops,
  // A rule or a route that comes to be read, with the entry that it is for.
  'plaintext-to-tls-port': hops,
  'destination-rule-not-selected': ['capture', 'tls', 'trace'],
  'tls-to-plaintext-port': ['authorization', 'trace'],
  // The handshake that comes to be the only one, and settings that come to hold for the port.
  'double-tls': ['tls', 'trace'],
  'port-level-drops-tls': ['waypoint', 'tls', 'trace'],
  'istio-mutual-to-external': ['tls', 'trace'],
  'duplicate-destination-rule': ['tls', 'trace'],
  // A certificate that comes to be verified.
  'insecure-skip-verify': ['tls'],
  'route-ignored-by-waypoint': ['route', 'trace'],
  // A match as the waypoint reads it.
  'unsupported-match': ['schema', 'trace'],
  // A backend that requests come to reach.
  'backend-port-missing': ['reference', 'tls', 'trace'],
  // A policy that comes to be applied.
  'policy-not-at-waypoint': ['authorization'],
  'policy-never-matches': ['authorization'],
  'policy-deny-has-no-effect': ['authorization'],
  'policy-gateway-class-misplaced': ['authorization'],
  // The first of the waypoint's hosts that is restricted shows that the others are not.
  'unrestricted-egress-host': ['authorization', 'reference'],
};

/** What these write is as right as what they take it from: rules for the host, and the callers of another policy. */
const copying: ReadonlySet<string> = new Set([
  'unknown-destination-host',
  'unknown-route-backend',
  'unrestricted-egress-host',
]);

/** These have a document read that was skipped before. */
const reading: ReadonlySet<string> = new Set(['mistyped-resource', 'unknown-kind']);

/** `known` are the resources that were there before any fix, as `nameOf` writes them. */
export function comesToLight(fixed: Finding, other: Finding, known: ReadonlySet<string>): boolean {
  const stages = lightOf[fixed.rule] ?? lightOf[stageOf(fixed.rule)] ?? [];
  const isNotNew =
    (other.resource !== undefined && known.has(nameOf(other.resource))) ||
    // It speaks of a declared request, and stands at whatever decides it.
    other.rule === 'request-fails' ||
    (reading.has(fixed.rule) && other.uri === fixed.uri);
  return stages.includes(stageOf(other.rule)) && (isNotNew || copying.has(fixed.rule));
}

/** Without the namespace, which a fix may change. */
export function nameOf(resource: { readonly kind: string; readonly name: string }): string {
  return `${resource.kind} ${resource.name}`;
}

function stageOf(rule: string): Stage {
  return [...shippedRules.rules, ...shippedRules.documentRules].find(({ id }) => id === rule)!.stage;
}
