// What the API server refuses gives no access and takes none; a row says where it would have counted, and is undetermined where an
// earlier version of the object is likely in force and would change the answer.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Destination } from './destinations.ts';
import { sameOperations, type AccessRow } from './row.ts';

type Counting = NonNullable<Mesh['countingRefused']>;

interface InForce {
  readonly rows: readonly AccessRow[];
  readonly destinations: readonly Destination[];
}

interface Written {
  readonly counting: Counting;
  /** The mesh in which every refused object counts. */
  readonly everything: Mesh;
}

/** The rows of what is in force, and one for each host that only refused objects have. */
export function* rowsWithRefused(
  { rows, destinations }: InForce,
  { counting, everything }: Written,
  rowsIn: (mesh: Mesh) => Generator<undefined, readonly AccessRow[]>,
): Generator<undefined, readonly AccessRow[]> {
  const written = yield* rowsIn(everything);
  const earlier = yield* rowsIn(counting(({ refused }) => refused?.hasEarlierVersion === true));
  const known = new Set(destinations.map(destinationKey));
  return [
    ...compareWithRefused(rows, written, earlier),
    ...refusedOnly(
      everything,
      written.filter((row) => !known.has(destinationKey(row))),
    ),
  ];
}

/** `written`: the rows if every refused object counted; `earlier`: if those counted that have an earlier version in the cluster. */
export function compareWithRefused(
  rows: readonly AccessRow[],
  written: readonly AccessRow[],
  earlier: readonly AccessRow[],
): readonly AccessRow[] {
  const [asWritten, asEarlier] = [byKey(written), byKey(earlier)];
  return rows.map((row): AccessRow => {
    const refused = (asWritten.get(keyOf(row))?.because ?? []).filter(({ resource }) => resource.refused);
    const other = asEarlier.get(keyOf(row));
    const because = [...row.because, ...refused];
    if (!other || sameAnswer(row, other)) return { ...row, because };
    return { ...row, access: 'undetermined', operations: [], because };
  });
}

/** A host that no object in force has is called as any other outside the mesh, and what becomes of that is not said here. */
export function refusedOnly(everything: Mesh, written: readonly AccessRow[]): readonly AccessRow[] {
  return written.map(({ from, host, port }) => ({
    from,
    host,
    port,
    via: 'direct',
    access: 'undetermined',
    operations: [],
    because: everything
      .hostOwners(host)
      .flatMap(({ resource }) => (resource.refused ? [{ resource, span: resource.at.name }] : [])),
  }));
}

export function destinationKey({ host, port }: Pick<Destination, 'host' | 'port'>): string {
  return `${host} ${port}`;
}

function byKey(rows: readonly AccessRow[]): ReadonlyMap<string, AccessRow> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function keyOf({ from, host, port }: AccessRow): string {
  return JSON.stringify([from === '*' ? from : [from.namespace, from.serviceAccount ?? null], host, port]);
}

function sameAnswer(a: AccessRow, b: AccessRow): boolean {
  return a.access === b.access && a.via === b.via && sameOperations(a.operations, b.operations);
}
