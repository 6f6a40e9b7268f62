// Steps where it is not known which ServiceEntry of those that a sidecar knows takes the connection.
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

/** Sidecars find HTTP requests to a host in upper case, and nothing to one with a dot at its end. */
export function comparedAsWritten(entry: Entry, host: string): Step {
  return step(
    'service',
    'unknown',
    `${describe(entry)} has the host ${host} in upper case or with a dot at its end, and Istio compares it as written.`,
    atName(entry),
  );
}
