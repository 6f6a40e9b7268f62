// The rows of one caller, for questions that begin at a caller: the same rows as in the whole table.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Subject } from './access-subjects.ts';
import { rowsAt } from './access.ts';
import { answersAt } from './answers.ts';
import { createCallerMatcher } from './caller-conditions.ts';
import { callersOf, type Caller } from './callers.ts';
import { destinationsOf, type Destination } from './destinations.ts';
import { compareWithRefused } from './refused-rows.ts';
import type { AccessRow } from './row.ts';

/** By host and port. A destination at a time: in a large mesh all of them take long, and callers may stop in between. */
export function* rowsOfCaller(mesh: Mesh, subject: Subject): Generator<readonly AccessRow[]> {
  const counting = mesh.countingRefused;
  const [inForce, written, earlier] = [
    rowsFrom(mesh, subject),
    counting &&
      rowsFrom(
        counting(() => true),
        subject,
      ),
    counting &&
      rowsFrom(
        counting(({ refused }) => refused?.hasEarlierVersion === true),
        subject,
      ),
  ];
  for (const destination of inForce.destinations) {
    const rows = inForce.at(destination);
    yield written && earlier ? compareWithRefused(rows, written.at(destination), earlier.at(destination)) : rows;
  }
}

interface CallerRows {
  readonly destinations: Iterable<Destination>;
  /** None where this mesh has no such host and port, or the caller is led to a Service of the cluster. */
  readonly at: (destination: Pick<Destination, 'host' | 'port'>) => readonly AccessRow[];
}

function rowsFrom(mesh: Mesh, subject: Subject): CallerRows {
  const callers = callersOf(mesh);
  const caller = callerFor(callers, subject);
  const matcher = createCallerMatcher(mesh, callers);
  const destinations = new Map(destinationsOf(mesh, undefined).map((one) => [keyOf(one), one]));
  return {
    destinations: destinations.values(),
    at(wanted) {
      const destination = destinations.get(keyOf(wanted));
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

function keyOf({ host, port }: Pick<Destination, 'host' | 'port'>): string {
  return `${host} ${port}`;
}
