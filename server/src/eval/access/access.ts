// The access table: every caller, host and port of the manifests. In a large mesh it omits rows that repeat the row of the caller's
// namespace, or of all other clients.
import { drained } from '../../base/steps.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { agreed, answersAt, sameWay, type Answers } from './answers.ts';
import { callersOf, isUniform, type Caller } from './callers.ts';
import { destinationsOf, type Destination } from './destinations.ts';
import { destinationKey, rowsWithRefused } from './refused-rows.ts';
import type { AccessRow } from './row.ts';
import type { Way } from './ways.ts';
import { callerMatcher, type CallerMatcher } from './caller-conditions.ts';

export interface Access {
  /** By host, port and subject. Without rows for clients for which the host resolves to a Service of the cluster. */
  readonly rows: readonly AccessRow[];
  /**
   * Rows that repeat a wider subject's are omitted, and subjects whose traffic never reaches a waypoint have one row for all hosts
   * (host `*`, port 0).
   */
  readonly isShort: boolean;
  /** How many pairs of a host and a port have no rows, because there are more than `mostPairs`: the last ones. */
  readonly omittedPairs: number;
}

export interface AccessScope {
  /** Hosts of interest; undefined means all. */
  readonly hosts?: readonly string[] | undefined;
  /** More rows than this are shortened. */
  readonly most?: number;
  /** Of more pairs of a host and a port than this, the others have no rows; undefined means that all have. */
  readonly mostPairs?: number;
}

/** Larger tables are shortened. */
const mostRows = 20_000;

const mostPairsShown = 50_000;

/**
 * For tables that are shown: one file may list a hundred thousand hosts, with a row or more each, and nobody reads so many. Who asks for
 * single hosts, or compares tables, gets all.
 */
export function shownScope(hosts: readonly string[] | undefined, mostPairs = mostPairsShown): AccessScope {
  return hosts ? { hosts } : { mostPairs };
}

export function access(mesh: Mesh, scope: AccessScope = {}): Access {
  return drained(accessInSteps(mesh, scope));
}

/** The same a caller at a step: in a large mesh all of them take long, and who asked may stop in between. */
export function* accessInSteps(mesh: Mesh, scope: AccessScope = {}): Generator<undefined, Access> {
  const counting = mesh.countingRefused;
  // Also the hosts that only refused objects have get rows.
  const everything = counting?.(() => true);
  const { destinations, omittedPairs } = firstPairs(everything ?? mesh, scope);
  if (!counting || !everything) return { ...(yield* accessTo(destinations, mesh, scope, omittedPairs)), omittedPairs };
  const asked = omittedPairs > 0 ? new Set(destinations.map(destinationKey)) : undefined;
  const pairsIn = (view: Mesh) =>
    destinationsOf(view, scope.hosts).filter((one) => asked?.has(destinationKey(one)) ?? true);
  const inForce = pairsIn(mesh);
  const { rows, isShort } = yield* accessTo(inForce, mesh, scope, omittedPairs);
  const rowsIn = function* (view: Mesh) {
    return (yield* accessTo(pairsIn(view), view, scope, omittedPairs)).rows;
  };
  const all = yield* rowsWithRefused({ rows, destinations: inForce }, { counting, everything }, rowsIn);
  return { rows: all, isShort, omittedPairs };
}

function firstPairs(mesh: Mesh, { hosts, mostPairs = Infinity }: AccessScope) {
  const all = destinationsOf(mesh, hosts);
  return { destinations: all.slice(0, mostPairs), omittedPairs: Math.max(0, all.length - mostPairs) };
}

function* accessTo(
  destinations: readonly Destination[],
  mesh: Mesh,
  { most = mostRows }: AccessScope,
  omittedPairs: number,
): Generator<undefined, Omit<Access, 'omittedPairs'>> {
  const callers = callersOf(mesh);
  yield;
  const matcher = callerMatcher(mesh, callers);
  const isShort = callers.length * (destinations.length + omittedPairs) > most;
  const rows: AccessRow[] = [];
  const take = (row: AccessRow) => rows.push(row);
  if (isShort) yield* shortRows(mesh, { destinations, callers, matcher, take });
  else
    for (const destination of destinations)
      yield* rowsInSteps(destination, callers, { answer: answersAt(mesh, destination, matcher).of, take });
  return { isShort, rows };
}

/** A row for each subject, host and port. */
export function accessRows(mesh: Mesh): readonly AccessRow[] {
  return access(mesh, { most: Infinity }).rows;
}

/** A row for each of these callers that the host leads out of the cluster. */
export function rowsAt(
  destination: Destination,
  callers: readonly Caller[],
  answer: Answers['of'],
): readonly AccessRow[] {
  const rows: AccessRow[] = [];
  drained(rowsInSteps(destination, callers, { answer, take: (row) => rows.push(row) }));
  return rows;
}

interface Taking {
  readonly answer: Answers['of'];
  readonly take: (row: AccessRow) => void;
}

function* rowsInSteps(
  { host, port }: Destination,
  callers: readonly Caller[],
  { answer, take }: Taking,
): Generator<undefined> {
  for (const caller of callers) {
    const way = answer(caller);
    if (way) take({ from: caller.subject, host, port, ...way });
    yield;
  }
}

interface Table {
  readonly destinations: readonly Destination[];
  readonly callers: readonly Caller[];
  readonly matcher: CallerMatcher;
  readonly take: (row: AccessRow) => void;
}

function* shortRows(mesh: Mesh, { destinations, callers, matcher, take }: Table): Generator<undefined> {
  const { byNamespace } = matcher;
  const anyone = callers.at(-1)!;
  /** An account's namespace, else anyone. */
  const wider = ({ subject }: Caller): Caller =>
    subject === '*' || subject.serviceAccount === undefined ? anyone : byNamespace.get(subject.namespace)!.at(-1)!;
  const isPlain = ({ modes }: Caller) => modes.join() === anyone.modes.join();
  const odd = callers.filter((caller) => !isUniform(caller) && !(isPlain(caller) && isPlain(wider(caller))));
  const uniform = callers.filter(
    (caller) =>
      isUniform(caller) &&
      (caller === anyone || !isUniform(wider(caller)) || !sameWay(uniformWay(caller), uniformWay(wider(caller)))),
  );
  if (!isUniform(anyone))
    for (const destination of destinations) {
      const answers = answersAt(mesh, destination, matcher);
      const shown: Caller[] = [];
      for (const caller of candidates(answers, { callers, odd, matcher })) {
        if (caller !== anyone && !sameWay(answers.of(caller), answers.of(wider(caller)))) shown.push(caller);
        yield;
      }
      yield* rowsInSteps(destination, [...shown, anyone], { answer: answers.of, take });
    }
  for (const caller of uniform) take({ from: caller.subject, host: '*', port: 0, ...uniformWay(caller)! });
}

interface CandidateScope {
  readonly callers: readonly Caller[];
  /** Callers whose data plane differs from that of their namespace or of most callers. */
  readonly odd: readonly Caller[];
  readonly matcher: CallerMatcher;
}

/** In order, without callers whose result is the same for all hosts. */
function candidates({ differing }: Answers, { callers, odd, matcher }: CandidateScope): readonly Caller[] {
  const found =
    differing === 'everybody'
      ? callers
      : [
          ...odd,
          ...[...differing.namespaces].flatMap((namespace) => matcher.byNamespace.get(namespace) ?? []),
          ...matcher.namedBy(differing.values),
        ];
  return [...new Set(found)].filter((caller) => !isUniform(caller)).sort((a, b) => a.order - b.order);
}

function uniformWay({ modes, extensions }: Caller): Way | undefined {
  return agreed(
    modes.map((mode) => ({
      via: 'direct',
      access: mode === 'sidecar' ? 'undetermined' : 'all',
      operations: [],
      because: mode === 'sidecar' ? extensions.map((resource) => ({ resource, span: resource.at.name })) : [],
    })),
  );
}
