// What completion offers, as plain data.
import type { FieldPath } from '../../base/field-path.ts';
import type { Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';

export interface ManifestChoice {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'reference' | 'resource';
  /** Beside the label: type, or where a value comes from. */
  readonly detail: string;
  /** The field whose documentation belongs to it: looked up when an editor asks for it. */
  readonly about?: FieldName;
  /** What it writes, in Markdown, where the label does not say it. */
  readonly preview?: string;
  readonly newText: string;
  /** With places to fill in, where an editor knows such; else `newText`. */
  readonly snippet?: string;
  /** In the file. */
  readonly replace: Span;
  /** Edits elsewhere in the file that belong to it. */
  readonly also?: readonly TextEdit[];
  /** What typed text is compared with, where not the label. */
  readonly filter?: string;
  readonly isDeprecated?: boolean;
  /** Behind it there is something to choose again. */
  readonly continues?: boolean;
}

export interface FieldName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: FieldPath;
}

export interface ManifestChoices {
  readonly choices: readonly ManifestChoice[];
  /** More candidates exist than are listed: the next typed letter queries again. */
  readonly isIncomplete: boolean;
}

export const noChoices: ManifestChoices = { choices: [], isIncomplete: false };
