// A place in a manifest, with all that decides what fits there.
import type { FieldPath } from '../../base/field-path.ts';
import type { Situation } from '../../references/situation.ts';
import { describeField } from '../../schema/describe.ts';
import type { Style } from '../../yaml/style.ts';
import type { ManifestChoice } from './choice.ts';
import type { Lead } from './insertion.ts';
import type { ManifestCursor } from './manifest-cursor.ts';

export interface Place {
  readonly cursor: ManifestCursor;
  /** Of the file. */
  readonly text: string;
  readonly style: Style;
  /** As written; empty where nothing is yet. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Undefined for a kind that the mesh does not read. */
  readonly situation: Situation | undefined;
  /** Target minor of Istio. */
  readonly istioVersion: string;
}

export function typeAt({ apiVersion, kind }: Pick<Place, 'apiVersion' | 'kind'>, path: FieldPath): string {
  return path.length === 0 ? 'map' : (describeField(apiVersion, kind, path)?.type ?? 'any');
}

/** What the choice takes the place of. White space behind a colon goes where the value is put below it. */
export function replacedBy({ text, cursor: { replace } }: Place, lead: Lead): ManifestChoice['replace'] {
  let { start } = replace;
  if (/^[\r\n]/.test(lead.text)) while (text[start - 1] === ' ') start--;
  return { ...replace, start };
}

/** A quote that is open is closed. */
export function inQuotes(inner: string, { cursor: { word, replace }, text: file }: Place): string {
  return word.quote !== '' && file[replace.end] !== word.quote ? `${inner}${word.quote}` : inner;
}
