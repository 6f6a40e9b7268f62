// The fields of WorkloadEntries, as in `specs.ts`.
import type { Field } from './field.ts';

export interface WorkloadEntrySpec {
  readonly address: Field<string> | undefined;
  readonly network: Field<string> | undefined;
  readonly serviceAccount: Field<string> | undefined;
  readonly labels: ReadonlyMap<string, string>;
  readonly ports: ReadonlyMap<string, number>;
}
