// What a change of the manifests opens and closes: the access tables of both meshes, row by row, down to single operations.
import { accessInSteps, type Access } from '../../eval/access/access.ts';
import { subjectsOf, type Subject } from '../../eval/access/access-subjects.ts';
import { subtract, type Clause } from '../../eval/access/atom.ts';
import { samePassage } from '../../eval/access/passage.ts';
import { operationOf, sameOperations, type AccessRow, type Operation } from '../../eval/access/row.ts';
import { subjectText } from '../../eval/access/wording.ts';
import { compareText } from '../../base/compare.ts';
import { drained } from '../../base/steps.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { patternsFor } from '../../names/hosts.ts';

export interface AccessChange {
  readonly from: Subject;
  readonly host: string;
  /** 0 for a subject whose requests to all hosts and ports have one answer. */
  readonly port: number;
  /** `changed`: opened for some requests and closed for others, or the same requests take another way. */
  readonly what: 'opened' | 'closed' | 'changed';
  /** The row that held; undefined where no ServiceEntry lists the host and port, or it is a Service of the cluster. */
  readonly before: AccessRow | undefined;
  readonly after: AccessRow | undefined;
  /** What is surely allowed now and was not, and the reverse; one operation without conditions is every request. */
  readonly opened: readonly Operation[];
  readonly closed: readonly Operation[];
  /** Some requests at least are, or may be, allowed that were not. */
  readonly opens: boolean;
  /** Requests pass a waypoint that is meant for them, and did not before. */
  readonly bypasses: boolean;
}

export interface AccessChanges {
  readonly changes: readonly AccessChange[];
  /** All of both states, those without a change too. */
  readonly subjects: readonly Subject[];
  /** The meshes are large: clients that repeat the answer of their namespace or of all others have no change of their own. */
  readonly isShort: boolean;
}

/** By host, port and subject. `accessChanges(b, a)` has the same changes with before and after exchanged. */
export function accessChanges(before: Mesh, after: Mesh): AccessChanges {
  return drained(accessChangesInSteps(before, after));
}

export function* accessChangesInSteps(before: Mesh, after: Mesh): Generator<undefined, AccessChanges> {
  const [was, is] = yield* alike(before, after);
  const [a, b] = [new Table(before, was), new Table(after, is)];
  const keys = new Map([...was.rows, ...is.rows].map((row) => [keyOf(row), row]));
  const changes: AccessChange[] = [];
  for (const { from, host, port } of keys.values()) {
    const change = changeOf({ from, host, port }, a.row(from, host, port), b.row(from, host, port));
    if (change) changes.push(change);
    yield;
  }
  return {
    changes: changes.sort((x, y) => compareText(x.host, y.host) || x.port - y.port),
    subjects: [
      ...new Map([...subjectsOf(before), ...subjectsOf(after)].map((one) => [subjectText(one), one])).values(),
    ],
    isShort: was.isShort,
  };
}

/** Both whole, or both short. */
function* alike(before: Mesh, after: Mesh): Generator<undefined, readonly [Access, Access]> {
  const [was, is] = [yield* accessInSteps(before), yield* accessInSteps(after)];
  if (was.isShort === is.isShort) return [was, is];
  return [yield* accessInSteps(before, { most: 0 }), yield* accessInSteps(after, { most: 0 })];
}

class Table {
  readonly #known: ReadonlySet<string>;
  readonly #rows: ReadonlyMap<string, AccessRow>;
  readonly #isShort: boolean;

  constructor(mesh: Mesh, { rows, isShort }: Access) {
    this.#known = new Set(subjectsOf(mesh).map(subjectText));
    this.#rows = new Map(rows.map((row) => [keyOf(row), row]));
    this.#isShort = isShort;
  }

  /** A subject that the manifests do not name is among the others of its namespace, or among all others. */
  row(from: Subject, host: string, port: number): AccessRow | undefined {
    for (const subject of widening(from)) {
      if (!this.#known.has(subjectText(subject))) continue;
      const found = this.#rowOf(subject, host, port);
      if (found || !this.#isShort) return found;
    }
    return undefined;
  }

  /** A host that is not listed may fall under a wildcard that is. */
  #rowOf(from: Subject, host: string, port: number): AccessRow | undefined {
    for (const pattern of host === '*' ? [host] : patternsFor(host)) {
      const found = this.#rows.get(keyOf({ from, host: pattern, port }));
      if (found) return found;
    }
    return this.#isShort ? this.#rows.get(keyOf({ from, host: '*', port: 0 })) : undefined;
  }
}

function keyOf({ from, host, port }: Pick<AccessRow, 'from' | 'host' | 'port'>): string {
  return JSON.stringify([from === '*' ? from : [from.namespace, from.serviceAccount ?? null], host, port]);
}

/** Itself, the others of its namespace, all others. */
function widening(from: Subject): readonly Subject[] {
  if (from === '*') return [from];
  const namespace: Subject = { namespace: from.namespace, serviceAccount: undefined };
  return from.serviceAccount === undefined ? [from, '*'] : [from, namespace, '*'];
}

function changeOf(
  place: Pick<AccessChange, 'from' | 'host' | 'port'>,
  before: AccessRow | undefined,
  after: AccessRow | undefined,
): AccessChange | undefined {
  const opened = difference(after, before);
  const closed = difference(before, after);
  const opens = opened.length > 0 || isLeftOpen(after, before);
  const closes = closed.length > 0 || isLeftOpen(before, after);
  if (!opens && !closes && sameWay(before, after)) return undefined;
  const bypasses = after?.bypasses === true && before?.bypasses !== true;
  const one = opens ? 'opened' : 'closed';
  const what = opens === closes ? 'changed' : one;
  return { ...place, what, before, after, opened, closed, opens, bypasses };
}

/** Undetermined is more than what is sure; only what was open to all cannot become more open. */
function isLeftOpen(row: AccessRow | undefined, other: AccessRow | undefined): boolean {
  return row?.access === 'undetermined' && other?.access !== 'undetermined' && other?.access !== 'all';
}

/** What is surely allowed by the one and not by the other. */
function difference(row: AccessRow | undefined, other: AccessRow | undefined): readonly Operation[] {
  const [mine, others] = [surelyAllowed(row), surelyAllowed(other)];
  if (mine.length === 0) return [];
  if (row && other && row.access === other.access && sameOperations(row.operations, other.operations)) return [];
  return (subtract(mine, others) ?? mine).map(operationOf);
}

function surelyAllowed(row: AccessRow | undefined): readonly Clause[] {
  if (!row) return [];
  return row.access === 'all' ? [[]] : row.operations.map(({ clause }) => clause);
}

function sameWay(before: AccessRow | undefined, after: AccessRow | undefined): boolean {
  if (!before || !after) return !isReached(before) && !isReached(after);
  if (!isReached(before) && !isReached(after)) return true;
  return before.via === after.via && before.access === after.access && samePassage(before, after);
}

function isReached(row: AccessRow | undefined): boolean {
  return row !== undefined && row.access !== 'none';
}
