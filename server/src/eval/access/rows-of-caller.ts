// The rows of one caller, for questions that begin at a caller: the same rows as in the whole table.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Subject } from './access-subjects.ts';
import { rowsAt } from './access.ts';
import { answersAt } from './answers.ts';
import { callerMatcher } from './caller-conditions.ts';
import { callersOf, type Caller } from './callers.ts';
import { destinationsOf, type Destination } from './destinations.ts';
import { compareWithRefused, destinationKey, refusedOnly } from './refused-rows.ts';
import type { AccessRow } from './row.ts';

/** By host and port. A destination at a time: in a large mesh all of them take long, and callers may stop in between. */
export function* rowsOfCaller(mesh: Mesh, subject: Subject): Generator<readonly AccessRow[]> {
  const inForce = rowsFrom(mesh, subject);
  const counting = mesh.countingRefused;
  if (!counting) {
    for (const destination of inForce.destinations) yield inForce.at(destination);
    return;
  }
  const everything = counting(() => true);
  const written = rowsFrom(everything, subject);
  const earlier = rowsFrom(
    counting(({ refused }) => refused?.hasEarlierVersion === true),
    subject,
  );
  for (const destination of inForce.destinations)
    yield compareWithRefused(inForce.at(destination), written.at(destination), earlier.at(destination));
  const known = new Set(inForce.destinations.map(destinationKey));
  for (const destination of written.destinations)
    if (!known.has(destinationKey(destination))) yield refusedOnly(everything, written.at(destination));
}

interface CallerRows {
  readonly destinations: readonly Destination[];
  /** None where this mesh has no such host and port, or the caller is led to a Service of the cluster. */
  readonly at: (destination: Pick<Destination, 'host' | 'port'>) => readonly AccessRow[];
}

function rowsFrom(mesh: Mesh, subject: Subject): CallerRows {
  const callers = callersOf(mesh);
  const caller = callerFor(callers, subject);
  const matcher = callerMatcher(mesh, callers);
  const all = destinationsOf(mesh, undefined);
  const destinations = new Map(all.map((one) => [destinationKey(one), one]));
  return {
    destinations: all,
    at(wanted) {
      const destination = destinations.get(destinationKey(wanted));
      if (!destination) return [];
      const rows = rowsAt(destination, [caller], answersAt(mesh, destination, matcher).of);
      return rows.map((row) => ({ ...row, from: subject }));
    },
  };
}

/** An account that no manifest names is one of the others of its namespace, and a namespace that none names is one of all others. */
function callerFor(callers: readonly Caller[], subject: Subject): Caller {
  const ofNamespace = callers.filter(
    (one) => subject !== '*' && one.subject !== '*' && one.subject.namespace === subject.namespace,
  );
  const named = ofNamespace.find(
    (one) => subject !== '*' && one.subject !== '*' && one.subject.serviceAccount === subject.serviceAccount,
  );
  return named ?? ofNamespace.at(-1) ?? callers.at(-1)!;
}
