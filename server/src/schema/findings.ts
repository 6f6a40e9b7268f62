// What the schema check says, and what its fixes need to know; all of it survives JSON.
import type { Span } from '../base/span.ts';
import type { FieldPath } from '../base/field-path.ts';
import type { Plain } from '../yaml/plain.ts';
import type { Name } from './catalogue.ts';

export interface SchemaDataByRule {
  /** `wrapped` is true where the nearest field is a list and the value is none. */
  'unknown-field': { readonly path: FieldPath; readonly nearest: string | undefined; readonly wrapped: boolean };
  'mistyped-resource': { readonly written: string; readonly expected: 'apiVersion' | 'kind' };
  'invalid-type': { readonly path: FieldPath; readonly wanted: WantedType };
  'invalid-value': { readonly path: FieldPath; readonly nearest: string | number | undefined };
  /** `path` is the parent's. */
  'missing-field': { readonly path: FieldPath; readonly field: string; readonly placeholder: Plain };
  'unknown-kind': { readonly written: Name; readonly nearest: Name | undefined };
  'deprecated-api-version': { readonly apiVersion: string; readonly sameShape: boolean };
  'invalid-yaml': { readonly code: string };
  /** Known to later releases of Istio than the target. */
  /** `path` is the field's, which may be absent. */
  'invalid-combination': { readonly path: FieldPath };
  'discouraged-value': { readonly path: FieldPath };
  /** `replacement` is the field beside it that took its place. */
  'deprecated-field': { readonly path: FieldPath; readonly replacement: string | undefined };
  'unsupported-in-version': { readonly path: FieldPath; readonly since: string };
}

export type WantedType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string';

export type SchemaRule = keyof SchemaDataByRule;

/** A fault that one document shows by itself. `at` counts from the start of the document. */
export type SchemaFinding = { [R in SchemaRule]: FindingOf<R> }[SchemaRule];

export interface FindingOf<R extends SchemaRule> {
  readonly rule: R;
  readonly at: Span;
  /** One sentence. */
  readonly message: string;
  readonly data: SchemaDataByRule[R];
  /** Set where the case is less certain than the rule. */
  readonly severity?: 'warning' | 'information';
}

export function finding<R extends SchemaRule>(
  rule: R,
  at: Span,
  message: string,
  data: SchemaDataByRule[R],
): FindingOf<R> {
  return { rule, at, message, data };
}
