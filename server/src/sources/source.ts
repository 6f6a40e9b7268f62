import type { Kind } from '../model/kinds.ts';
import type { AnyResource } from '../model/resource.ts';

/** A supplier of resources besides the files of the workspace: a cluster's snapshot, rendered charts. */
export interface Source {
  /** Names the origin in messages: `cluster:CONTEXT`. */
  readonly id: string;
  /** Kinds that it fully covers: only of those does absence prove anything. */
  readonly supplies: ReadonlySet<Kind>;
  readonly resources: () => Iterable<AnyResource>;
  /** Calls back when `resources` would answer otherwise; the result ends that. */
  readonly onChange: (listener: () => void) => () => void;
}
