// Access as data for programs: the command line's JSON and the editor's answer differ in how a place is written only.
import { firstAndMore } from '../../base/and-more.ts';
import { refusalsOf, type AccessRow, type Operation } from './row.ts';

type Ground = AccessRow['because'][number];

export interface AccessRowJson<Place> extends Pick<AccessRow, 'host' | 'port' | 'via' | 'access'> {
  /** `*`: all other clients. */
  readonly from: { readonly namespace: string; readonly serviceAccount: string | null } | '*';
  readonly operations: readonly OperationJson[];
  /** The first places. */
  readonly because: readonly Place[];
  /** How many more places there are. */
  readonly becauseMore?: number;
  /** Why the API server refuses objects that would count otherwise. */
  readonly refused?: readonly string[];
  /** What is taken for granted that no file shows. */
  readonly assumed?: readonly string[];
  /** What goes direct to the host, past the proxy that decides. */
  readonly skips?: readonly string[];
}

/** An absent list means any; absent `when` means that nothing else must hold. */
type OperationJson = { readonly [K in 'methods' | 'paths' | 'when']?: NonNullable<Operation[K]> };

export function accessRowJson<Place>(row: AccessRow, place: (ground: Ground) => Place): AccessRowJson<Place> {
  const { from, host, port, via, access, operations, because } = row;
  const { first, more } = firstAndMore(because);
  const refused = firstAndMore(refusalsOf(row)).first;
  return {
    from: from === '*' ? from : { namespace: from.namespace, serviceAccount: from.serviceAccount ?? null },
    host,
    port,
    via,
    access,
    operations: operations.map(operationJson),
    because: first.map(place),
    ...(more > 0 && { becauseMore: more }),
    ...(refused.length > 0 && { refused }),
    ...(row.assumed && { assumed: row.assumed }),
    ...(row.skips && { skips: row.skips }),
  };
}

export function operationJson({ methods, paths, when }: Operation): OperationJson {
  return { ...(methods && { methods }), ...(paths && { paths }), ...(when.length > 0 && { when }) };
}
