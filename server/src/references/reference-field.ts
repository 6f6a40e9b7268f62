// A row of the table of references: one field, or a few alike, that name something of another resource.
import type { Kind } from '../model/kinds.ts';
import type { FieldPattern } from './field-pattern.ts';
import type { Form } from './forms/form.ts';
import type { FieldAt } from './situation.ts';

export interface ReferenceField {
  /** `kinds: 'all'` is for fields of every object. */
  readonly kinds: readonly Kind[] | 'all';
  readonly patterns: readonly FieldPattern[];
  readonly form: Form;
  /** `declaration`: the field declares the name and does not only refer to it. */
  readonly role: 'declaration' | 'reference';
  /** The key itself is the name, not the value under it. */
  readonly on?: 'key';
  /** Whether the entry applies to a field, if it is not for all of them. */
  readonly applies?: (at: FieldAt) => boolean;
  /** The rules that report a name without an object, or the reason why no rule does. */
  readonly checkedBy: readonly string[] | { readonly unchecked: string };
}
