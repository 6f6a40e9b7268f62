// The table of references. Completion, navigation, rename and the documentation read it; what an `unknown-*` rule checks stands here.
import type { Kind } from '../model/kinds.ts';
import { routeFields } from './tables/route-fields.ts';
import { policyFields } from './tables/policy-fields.ts';
import { hostFields } from './tables/host-fields.ts';
import { objectFields } from './tables/object-fields.ts';
import type { ReferenceField } from './reference-field.ts';

export const referenceFields: readonly ReferenceField[] = [
  ...objectFields,
  ...hostFields,
  ...routeFields,
  ...policyFields,
];

const byKind = new Map<Kind, readonly ReferenceField[]>();

/** The rows for fields of one kind. */
export function referenceFieldsOf(kind: Kind): readonly ReferenceField[] {
  let rows = byKind.get(kind);
  if (!rows) byKind.set(kind, (rows = referenceFields.filter(({ kinds }) => kinds === 'all' || kinds.includes(kind))));
  return rows;
}
