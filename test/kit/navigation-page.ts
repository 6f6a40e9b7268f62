// What a page of navigation shows at a cursor: where a name leads to, who names it, what a rename writes.
import { drained } from '../../server/src/base/steps.ts';
import { definitionAt } from '../../server/src/features/navigation/definition.ts';
import { placesIn, placesNaming, subjectAt } from '../../server/src/features/navigation/references.ts';
import { renameEdits, renameSubject } from '../../server/src/features/navigation/rename.ts';
import { typeDefinitionAt } from '../../server/src/features/navigation/type-definition.ts';
import { namesAt, type Navigated } from '../../server/src/features/navigation/situations.ts';
import type { Span } from '../../server/src/base/span.ts';
import type { ReferenceField } from '../../server/src/references/reference-field.ts';
import { cursorSign, fileName, lineAround, workspaceOf, type CursorCase, type CursorSection } from './cursor-page.ts';

interface Shown {
  readonly uri: string;
  readonly span: Span;
  /** In place of what is there. */
  readonly newText?: string;
}

/** For each cursor its line with the name that it is on, then the places, in order: `⟦…⟧` is what the editor marks. */
export function answersOf({ cases, question, words }: CursorSection): string {
  return cases.map((one) => answerOf(one, question, words)).join('');
}

export function navigatedIn(one: CursorCase): Navigated {
  const host = { textOf: (uri: string) => one.files.get(uri) };
  return { workspace: workspaceOf(one), host, uri: one.uri };
}

/** The rows of the table that the cursor is on. */
export function fieldsAt(one: CursorCase): readonly ReferenceField[] {
  return namesAt(navigatedIn(one), one.offset).map(({ field }) => field);
}

function answerOf(one: CursorCase, question: string, words: string): string {
  const navigated = navigatedIn(one);
  switch (question) {
    case 'definition':
    case 'type-definition': {
      const found = (question === 'definition' ? definitionAt : typeDefinitionAt)(navigated, one.offset);
      const places = found?.declarations.flatMap(({ resource, at }) => {
        const placed = navigated.workspace.placed(resource.document, at);
        return placed ? [{ uri: placed.uri, span: placed.span }] : [];
      });
      return print(one, found?.origin, places ?? []);
    }
    case 'references': {
      const subject = subjectAt(navigated, one.offset);
      return print(one, subject?.span, subject ? [...placesNaming(navigated, subject.entities)] : []);
    }
    case 'highlights': {
      const subject = subjectAt(navigated, one.offset);
      return print(one, subject?.span, subject ? [...placesIn(navigated, subject.entities)] : []);
    }
    case 'rename':
      return renameAnswer(one, navigated, words);
    default:
      throw new Error(`${question} is not a question`);
  }
}

/** With the first of the names that is valid for what the cursor is on. */
function renameAnswer(one: CursorCase, navigated: Navigated, newNames: string): string {
  const subject = renameSubject(navigated, one.offset);
  if (typeof subject === 'string') return print(one, undefined, [], subject);
  const results = newNames.split(' ').map((name) => drained(renameEdits(navigated, subject, name)));
  const result =
    results.find((other) => other.state === 'edits' || !other.reason.includes(' is not valid as ')) ?? results[0]!;
  return result.state === 'refused'
    ? print(one, subject.span, [], result.reason)
    : print(one, subject.span, result.edits);
}

function print(one: CursorCase, origin: Span | undefined, places: readonly Shown[], refused?: string): string {
  const text = one.files.get(one.uri)!;
  const lines = [
    origin ? marked(text, origin, undefined, one.offset) : one.line.replaceAll(cursorSign, ''),
    ...(refused === undefined ? [] : [`  refused: ${refused}`]),
    ...(places.length === 0 && refused === undefined ? ['  nowhere'] : []),
    ...places.map(({ uri, span, newText }) => {
      const file = one.files.get(uri)!;
      const number = file.slice(0, span.start).split('\n').length;
      return `  ${fileName(uri)}:${number}: ${marked(file, span, newText)}`;
    }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The line of a span, with the span in brackets and the cursor in it. */
function marked(text: string, { start, end }: Span, newText = text.slice(start, end), cursor = -1): string {
  const line = lineAround(text, start);
  const from = start - (text.lastIndexOf('\n', start - 1) + 1);
  const inside =
    cursor < 0 ? newText : `${newText.slice(0, cursor - start)}${cursorSign}${newText.slice(cursor - start)}`;
  return `${line.slice(0, from)}⟦${inside}⟧${line.slice(from + end - start)}`.trim();
}
