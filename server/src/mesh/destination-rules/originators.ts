// Why no TLS is originated although some rule would originate it.
import { keptFor } from '../../base/kept-for.ts';
import { tlsOfRule, type NoTlsInRule } from './client-tls.ts';
import type { Candidate, PassedOver } from './destination-rule-for.ts';

/** Why the waypoint does not originate TLS on a port. Selection and TLS of a DestinationRule: istio-semantics §3. */
export type NoTlsCause =
  | 'unbound-waypoint'
  | 'unusable-waypoint'
  | 'no-rule'
  | 'other-namespace'
  | 'not-exported'
  | 'workload-selector'
  | 'shadowed'
  | 'entry-not-exported'
  | NoTlsInRule;

/** Of several rules that were skipped, the one that came nearest to being selected says why. */
const nearness: readonly PassedOver[] = [
  'workload-selector',
  'shadowed',
  'not-exported',
  'other-namespace',
  'entry-not-exported',
  'no-waypoint',
];

const originatorsAmong = keptFor((_: readonly Candidate[]) => new Map<number, Candidate | undefined>());

/** The first of the rules that match the host, were skipped, and would originate TLS on the port. */
export function originatorOf(skipped: readonly Candidate[], number: number): Candidate | undefined {
  const known = originatorsAmong(skipped);
  if (!known.has(number)) {
    const [first] = skipped
      .filter(({ rule, passedOver }) => nearness.includes(passedOver) && tlsOfRule(rule, number).mode)
      .sort((a, b) => nearness.indexOf(a.passedOver) - nearness.indexOf(b.passedOver));
    known.set(number, first);
  }
  return known.get(number);
}

export function causeOf({ passedOver }: Candidate): NoTlsCause {
  if (passedOver === 'no-waypoint') return 'unbound-waypoint';
  return passedOver === 'merged-away' ? 'shadowed' : passedOver;
}
