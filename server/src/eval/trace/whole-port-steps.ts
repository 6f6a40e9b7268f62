// Steps where a sidecar sends all traffic of a TCP port to one ServiceEntry, because it lists no address.
import { describe } from '../../model/resource.ts';
import { atName, step, type Entry } from './state.ts';
import type { Step } from './step.ts';

/** Whether the server there answers for this host no file shows. */
export function takenByPort(owners: readonly Entry[], port: number): Step {
  return step(
    'service',
    'unknown',
    `The sidecar sends what it does not know on port ${port} to ${owners.map(describe).join(' or ')}: a TCP port without an address takes all of it.`,
    ...owners.map(atName),
  );
}

export function oldestTakesPort(rivals: readonly Entry[], port: number): Step {
  return step(
    'service',
    'unknown',
    `The sidecar sends all connections on port ${port} to one of ${rivals.map(describe).join(' and ')}, the one created first: none lists an address.`,
    ...rivals.map(atName),
  );
}
