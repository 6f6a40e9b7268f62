// Who may call what: every subject, host and port of the manifests. Of a large mesh that is more than anybody reads, so there
// a row that would only repeat that of the subject's namespace, or of anyone else, is left out.
import type { Mesh } from '../../mesh/mesh.ts';
import { agreed, answersAt, direct, sameWay, type Answers, type Way } from './answers.ts';
import { callersOf, isUniform, type Caller } from './callers.ts';
import { doorsOf, type Dialled } from './doors.ts';
import { withRefused } from './refused-rows.ts';
import type { AccessRow } from './row.ts';
import { callersByNamespace, createWho, type Who } from './who.ts';

export interface Access {
  /** By host, port and subject. Hosts that are Services of the cluster are left out where those are what the client is led to. */
  readonly rows: readonly AccessRow[];
  /**
   * Rows that repeat a wider subject's are left out, and subjects that no waypoint takes have one row for all hosts
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

/** As many as a person may still scroll through. */
const mostRows = 20_000;

export function access(mesh: Mesh, scope: AccessScope = {}): Access {
  const found = accessIn(mesh, scope);
  return mesh.countingRefused ? withRefused(found, mesh.countingRefused, (view) => accessIn(view, scope).rows) : found;
}

function accessIn(mesh: Mesh, { hosts, most = mostRows }: AccessScope): Access {
  const callers = callersOf(mesh);
  const doors = doorsOf(mesh, hosts);
  const who = createWho(mesh, callers);
  const isShort = callers.length * doors.length > most;
  return {
    isShort,
    rows: isShort
      ? shortRows(mesh, doors, callers, who)
      : doors.flatMap((door) => rowsAt(door, callers, answersAt(mesh, door, who).of)),
  };
}

/** A row for each subject, host and port. */
export function accessRows(mesh: Mesh): readonly AccessRow[] {
  return access(mesh, { most: Infinity }).rows;
}

function rowsAt({ host, port }: Dialled, callers: readonly Caller[], answer: Answers['of']): readonly AccessRow[] {
  return callers.flatMap((caller) => {
    const way = answer(caller);
    return way ? [{ from: caller.subject, host, port, ...way }] : [];
  });
}

function shortRows(mesh: Mesh, doors: readonly Dialled[], callers: readonly Caller[], who: Who): readonly AccessRow[] {
  const byNamespace = callersByNamespace(callers);
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
  const perDoor = doors.flatMap((door): readonly AccessRow[] => {
    if (isUniform(anyone)) return [];
    const answers = answersAt(mesh, door, who);
    const asked = candidates(answers, { callers, odd, byNamespace, who }).filter(
      (caller) => caller !== anyone && !sameWay(answers.of(caller), answers.of(wider(caller))),
    );
    return rowsAt(door, [...asked, anyone], answers.of);
  });
  return [
    ...perDoor,
    ...uniform.map((caller): AccessRow => ({ from: caller.subject, host: '*', port: 0, ...uniformWay(caller)! })),
  ];
}

interface Crowd {
  readonly callers: readonly Caller[];
  /** Those that are taken hold of in another way than their namespace or than most. */
  readonly odd: readonly Caller[];
  readonly byNamespace: ReadonlyMap<string, readonly Caller[]>;
  readonly who: Who;
}

/** In their order, without those whose answer is the same everywhere. */
function candidates({ differing }: Answers, { callers, odd, byNamespace, who }: Crowd): readonly Caller[] {
  const found =
    differing === 'everybody'
      ? callers
      : [
          ...odd,
          ...[...differing.namespaces].flatMap((namespace) => byNamespace.get(namespace) ?? []),
          ...who.namedBy(differing.values),
        ];
  return [...new Set(found)].filter((caller) => !isUniform(caller)).sort((a, b) => a.order - b.order);
}

function uniformWay({ modes }: Caller): Way | undefined {
  return agreed(modes.map((mode) => direct(mode === 'sidecar' ? 'undetermined' : 'all', [])));
}
