// Everything that an object of a manifest names or makes, with the exact piece of text that does so.
import type { FieldPath } from '../base/field-path.ts';
import type { Span } from '../base/span.ts';
import { contains } from '../base/span.ts';
import type { TextEdit } from '../base/text-edit.ts';
import type { YamlNode, YamlScalar } from '../yaml/node.ts';
import { printFlow } from '../yaml/print.ts';
import { DEFAULT_STYLE } from '../yaml/style.ts';
import type { Entity } from './entity.ts';
import { fieldsLike } from './field-pattern.ts';
import type { ReferenceField } from './reference-field.ts';
import { referenceFieldsOf } from './reference-fields.ts';
import type { Situation } from './situation.ts';

export interface Occurrence {
  readonly field: ReferenceField;
  /** From the object's root. */
  readonly path: FieldPath;
  /** In the document: the piece that is the name, without quotes. */
  readonly span: Span;
  readonly entities: readonly Entity[];
  /** In the document: what gives the thing that name, with quotes where YAML would read the text as something else; undefined where it cannot be said this way. */
  readonly edit: (name: string) => TextEdit | undefined;
}

/** `text` is the document's. In the order of the table, each row in the order of the text. */
export function* occurrencesIn(situation: Situation, text: string): Generator<Occurrence> {
  for (const field of referenceFieldsOf(situation.kind))
    for (const pattern of field.patterns)
      for (const found of fieldsLike(situation.root, pattern)) {
        const scalar = field.on === 'key' ? found.key : scalarOf(found.node);
        if (!scalar) continue;
        const at = { ...situation, path: found.path };
        if (field.applies && !field.applies(at)) continue;
        yield* piecesOf(field, scalar, at, text);
      }
}

function* piecesOf(
  field: ReferenceField,
  scalar: YamlScalar,
  at: Situation & { readonly path: FieldPath },
  text: string,
): Generator<Occurrence> {
  const value = String(scalar.value ?? '');
  const start = startOf(scalar, value, text);
  if (start === undefined) return;
  for (const { from, to, entities, renamed } of field.form.read(value, at)) {
    const span = { start: start + from, end: start + to };
    const edit = (name: string): TextEdit | undefined => {
      const newText = renamed(name);
      if (newText === undefined) return undefined;
      const whole = `${value.slice(0, from)}${newText}${value.slice(to)}`;
      return mustBeQuoted(scalar, whole)
        ? { span: { start, end: start + value.length }, newText: printFlow(whole, DEFAULT_STYLE) }
        : { span, newText };
    };
    if (entities.length > 0) yield { field, path: at.path, span, entities, edit };
  }
}

/** A plain text that would become a number, an alias or the like. */
function mustBeQuoted({ style, value }: YamlScalar, text: string): boolean {
  return style === 'plain' && typeof value === 'string' && printFlow(text, DEFAULT_STYLE) !== text;
}

function scalarOf(node: YamlNode): YamlScalar | undefined {
  return node.kind === 'scalar' && node.value !== null ? node : undefined;
}

/** Where the value's text begins; undefined where it is not written letter for letter (escapes, block scalars, aliases). */
function startOf({ span, style }: YamlScalar, value: string, text: string): number | undefined {
  const start = style === 'plain' ? span.start : span.start + 1;
  return style !== 'block' && text.startsWith(value, start) ? start : undefined;
}

/** Those around an offset of the document, the narrowest first. */
export function occurrencesAt(situation: Situation, text: string, offset: number): readonly Occurrence[] {
  return [...occurrencesIn(situation, text)]
    .filter(({ span }) => contains(span, offset))
    .sort((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start));
}
