// Steps where it is not known what a sidecar makes of a connection.
import { joinedWith } from '../../base/and-more.ts';
import type { Span } from '../../base/span.ts';
import { listsAsWritten, writtenHosts } from '../../mesh/hosts/hosts-of-entry.ts';
import { mostRivals } from '../../mesh/hosts/whole-port.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { at, atName, step, type Entry } from './state.ts';
import type { Step } from './step.ts';

/** Whether the server there answers for this host no file shows. */
export function takenByPort(owners: readonly Entry[], port: number): Step {
  return step(
    'service',
    'unknown',
    `The sidecar sends what it does not know on port ${port} to ${joinedWith('or', owners, describe)}: a TCP port without an address takes all of it.`,
    ...owners.map(atName),
  );
}

export function oldestTakesPort(rivals: readonly Entry[], port: number): Step {
  return step(
    'service',
    'unknown',
    `The sidecar sends all connections on port ${port} to one of ${joinedWith('and', rivals, describe)}, the one created first: none lists an address.`,
    ...rivals.map(atName),
  );
}

export function manyForPort(some: readonly Entry[], port: number): Step {
  return step(
    'service',
    'unknown',
    `The sidecar sends all connections on port ${port} to the ServiceEntry that was created first, of more than ${mostRivals} that list no address: too many to follow each.`,
    ...some.slice(0, mostRivals).map(atName),
  );
}

/** Hosts of such a listener count for its port alone, and clients may have to dial its address. §B.17. */
export function ownListeners(sidecar: Resource<'Sidecar'>, listener: Span): Step {
  return step(
    'service',
    'unknown',
    `${describe(sidecar)} gives sidecars listeners of their own (egress with port, bind or captureMode), which this tool does not evaluate.`,
    at(sidecar, listener),
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

/** Hosts compare as they are written; a name that a wildcard or a route covers is not written in the entry. */
export function isCompared(entry: Entry, host: string): boolean {
  return !writtenHosts(entry).has(host) || listsAsWritten(entry, host);
}
