// What the API server refuses gives no access and takes none; a row says where it would have counted, and is undetermined where an
// earlier version of the object is likely in force and would change the answer.
import type { Mesh } from '../../mesh/mesh.ts';
import { sameOperations, type AccessRow } from './row.ts';

type Counting = NonNullable<Mesh['countingRefused']>;

export function withRefused<A extends { readonly rows: readonly AccessRow[] }>(
  found: A,
  counting: Counting,
  rowsIn: (mesh: Mesh) => readonly AccessRow[],
): A {
  const written = rowsIn(counting(() => true));
  const earlier = rowsIn(counting(({ refused }) => refused?.hasEarlierVersion === true));
  return { ...found, rows: compareWithRefused(found.rows, written, earlier) };
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

function byKey(rows: readonly AccessRow[]): ReadonlyMap<string, AccessRow> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function keyOf({ from, host, port }: AccessRow): string {
  return JSON.stringify([from === '*' ? from : [from.namespace, from.serviceAccount ?? null], host, port]);
}

function sameAnswer(a: AccessRow, b: AccessRow): boolean {
  return a.access === b.access && a.via === b.via && sameOperations(a.operations, b.operations);
}
