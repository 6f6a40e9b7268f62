import type { FieldPath } from '../../base/field-path.ts';
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';

/** Every value in the positive lists of one rule, with its place. */
export function pathsOfValues(
  { spec }: Resource<'AuthorizationPolicy'>,
  index: number,
): readonly { readonly field: string; readonly value: string; readonly span: Span; readonly path: FieldPath }[] {
  const rule = spec.rules?.[index];
  if (!rule) return [];
  const lists = (['from', 'to'] as const).flatMap((clause) =>
    rule[clause].flatMap(({ fields }, i) =>
      fields.map(({ name, values }) => ({
        name,
        values,
        path: ['spec', 'rules', index, clause, i, clause === 'from' ? 'source' : 'operation', name],
      })),
    ),
  );
  const conditions = rule.when.map(({ key, values }, i) => ({
    name: key?.value ?? '',
    values,
    path: ['spec', 'rules', index, 'when', i, 'values'],
  }));
  return [...lists, ...conditions].flatMap(({ name, values, path }) =>
    values.map(({ value, span }, i) => ({ field: name, value, span, path: [...path, i] })),
  );
}
