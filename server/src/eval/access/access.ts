// The access table: every caller, host and port of the manifests. In a large mesh it omits rows that repeat the row of the caller's
// namespace, or of all other clients.
import type { Mesh } from '../../mesh/mesh.ts';
import { agreed, answersAt, sameWay, type Answers } from './answers.ts';
import { callersOf, isUniform, type Caller } from './callers.ts';
import { destinationsOf, type Destination } from './destinations.ts';
import { rowsWithRefused } from './refused-rows.ts';
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
}

export interface AccessScope {
  /** Hosts of interest; undefined means all. */
  readonly hosts?: readonly string[] | undefined;
  /** More rows than this are shortened. */
  readonly most?: number;
}

/** Larger tables are shortened. */
const mostRows = 20_000;

export function access(mesh: Mesh, scope: AccessScope = {}): Access {
  const found = accessIn(mesh, scope);
  if (!mesh.countingRefused) return found;
  const inForce = { rows: found.rows, destinations: destinationsOf(mesh, scope.hosts) };
  return { ...found, rows: rowsWithRefused(inForce, mesh.countingRefused, (view) => accessIn(view, scope).rows) };
}

function accessIn(mesh: Mesh, { hosts, most = mostRows }: AccessScope): Access {
  const callers = callersOf(mesh);
  const destinations = destinationsOf(mesh, hosts);
  const matcher = callerMatcher(mesh, callers);
  const isShort = callers.length * destinations.length > most;
  return {
    isShort,
    rows: isShort
      ? shortRows(mesh, destinations, callers, matcher)
      : destinations.flatMap((destination) => rowsAt(destination, callers, answersAt(mesh, destination, matcher).of)),
  };
}

/** A row for each subject, host and port. */
export function accessRows(mesh: Mesh): readonly AccessRow[] {
  return access(mesh, { most: Infinity }).rows;
}

/** A row for each of these callers that the host leads out of the cluster. */
export function rowsAt(
  { host, port }: Destination,
  callers: readonly Caller[],
  answer: Answers['of'],
): readonly AccessRow[] {
  return callers.flatMap((caller) => {
    const way = answer(caller);
    return way ? [{ from: caller.subject, host, port, ...way }] : [];
  });
}

function shortRows(
  mesh: Mesh,
  destinations: readonly Destination[],
  callers: readonly Caller[],
  matcher: CallerMatcher,
): readonly AccessRow[] {
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
  const perDestination = destinations.flatMap((destination): readonly AccessRow[] => {
    if (isUniform(anyone)) return [];
    const answers = answersAt(mesh, destination, matcher);
    const shown = candidates(answers, { callers, odd, matcher }).filter(
      (caller) => caller !== anyone && !sameWay(answers.of(caller), answers.of(wider(caller))),
    );
    return rowsAt(destination, [...shown, anyone], answers.of);
  });
  return [
    ...perDestination,
    ...uniform.map((caller): AccessRow => ({ from: caller.subject, host: '*', port: 0, ...uniformWay(caller)! })),
  ];
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
