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
  /** `declaration`: here the thing is made, and not only named. */
  readonly role: 'declaration' | 'reference';
  /** The key itself is the name, not the value under it. */
  readonly on?: 'key';
  /** Where only some of these fields are meant. */
  readonly isMeant?: (at: FieldAt) => boolean;
  /** The rules that tell a name that leads nowhere, or why none does. */
  readonly checkedBy: readonly string[] | { readonly nobody: string };
}
