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
import type { Part } from './forms/form.ts';
import type { ReferenceField } from './reference-field.ts';
import { referenceFieldsOf } from './reference-fields.ts';
import type { Situation } from './situation.ts';

/** A piece of a text that names something. */
export interface WrittenName {
  /** Without quotes. */
  readonly span: Span;
  readonly role: ReferenceField['role'];
  readonly entities: readonly Entity[];
  /** What gives the thing that name, with quotes where YAML would read the text as something else; undefined where it cannot be said this way. */
  readonly edit: (name: string) => TextEdit | undefined;
}

/** A name in a field of an object; it counts from the start of the document. */
export interface Occurrence extends WrittenName {
  readonly field: ReferenceField;
  /** From the object's root. */
  readonly path: FieldPath;
}

/** `text` is the document's; only in scalars that are wanted. In the order of the table, each row in the order of the text. */
export function* occurrencesIn(
  situation: Situation,
  text: string,
  isWanted: (scalar: YamlScalar) => boolean = () => true,
): Generator<Occurrence> {
  for (const field of referenceFieldsOf(situation.kind))
    for (const pattern of field.patterns)
      for (const found of fieldsLike(situation.root, pattern)) {
        const scalar = field.on === 'key' ? found.key : scalarOf(found.node);
        if (!scalar || !isWanted(scalar)) continue;
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
  const written = { start, value, isPlain: scalar.style === 'plain' && typeof scalar.value === 'string' };
  for (const part of field.form.read(value, at)) {
    const { from, to, entities } = part;
    const span = { start: start + from, end: start + to };
    const { role } = field;
    if (entities.length > 0) yield { field, role, path: at.path, span, entities, edit: editOf(written, part) };
  }
}

export interface WrittenValue {
  readonly start: number;
  readonly value: string;
  /** A plain text could become a number, an alias or the like. */
  readonly isPlain: boolean;
}

export function editOf({ start, value, isPlain }: WrittenValue, { from, to, renamed }: Part): WrittenName['edit'] {
  return (name) => {
    const newText = renamed(name);
    if (newText === undefined) return undefined;
    const whole = `${value.slice(0, from)}${newText}${value.slice(to)}`;
    const printed = isPlain ? printFlow(whole, DEFAULT_STYLE) : whole;
    return printed === whole
      ? { span: { start: start + from, end: start + to }, newText }
      : { span: { start, end: start + value.length }, newText: printed };
  };
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
  return [...occurrencesIn(situation, text, (scalar) => contains(scalar.span, offset))]
    .filter(({ span }) => contains(span, offset))
    .sort((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start));
}
