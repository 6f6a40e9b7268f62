// Access as data for programs: the command line's JSON and the editor's answer differ in how a place is written only.
import { refusalsOf, type AccessRow, type Operation } from './row.ts';

type Ground = AccessRow['because'][number];

export interface AccessRowJson<Place> extends Pick<AccessRow, 'host' | 'port' | 'via' | 'access'> {
  /** `*`: all other clients. */
  readonly from: { readonly namespace: string; readonly serviceAccount: string | null } | '*';
  readonly operations: readonly OperationJson[];
  readonly because: readonly Place[];
  /** Why the API server refuses objects that would count otherwise. */
  readonly refused?: readonly string[];
  /** What is taken for granted that no file shows. */
  readonly assumed?: readonly string[];
}

/** An absent list means any; absent `when` means that nothing else must hold. */
type OperationJson = { readonly [K in 'methods' | 'paths' | 'when']?: NonNullable<Operation[K]> };

export function accessRowJson<Place>(row: AccessRow, place: (ground: Ground) => Place): AccessRowJson<Place> {
  const { from, host, port, via, access, operations, because } = row;
  return {
    from: from === '*' ? from : { namespace: from.namespace, serviceAccount: from.serviceAccount ?? null },
    host,
    port,
    via,
    access,
    operations: operations.map(operationJson),
    because: because.map(place),
    ...(refusalsOf(row).length > 0 && { refused: refusalsOf(row) }),
    ...(row.assumed && { assumed: row.assumed }),
  };
}

export function operationJson({ methods, paths, when }: Operation): OperationJson {
  return { ...(methods && { methods }), ...(paths && { paths }), ...(when.length > 0 && { when }) };
}
