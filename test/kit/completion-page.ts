// What a page of completion expects at a cursor, and what completion says there.
import { applyEdits } from '../../server/src/base/text-edit.ts';
import { manifestChoices } from '../../server/src/features/completion/complete.ts';
import type { ManifestChoice } from '../../server/src/features/completion/choice.ts';
import { documentationOf } from '../../server/src/features/completion/documentation.ts';
import { splitDocuments } from '../../server/src/yaml/chunks.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { cursorSign, workspaceOf, type CursorCase } from './cursor-page.ts';

/**
 * `first: a, b` are the first labels in their order, `also:` others that are offered, `not:` some that are not, `nothing` is no
 * offer at all, `detail LABEL:` and `doc LABEL:` a part of what stands beside a label, `accept LABEL:` the changed lines.
 */
export interface Expected {
  readonly line: string;
  readonly claims: readonly Claim[];
}

interface Claim {
  readonly claim: string;
  readonly label: string;
  readonly text: string;
  /** Of `accept`: lines of the file, behind `| `. */
  readonly lines: readonly string[];
}

export function readExpected(body: string): readonly Expected[] {
  const expected: { line: string; claims: (Claim & { lines: string[] })[] }[] = [];
  for (const line of body.split('\n')) {
    const [, below] = /^\s*\|( ?.*)$/.exec(line) ?? [];
    const [, claim, label = '', text = ''] =
      /^ {2}(first|also|not|nothing|detail|doc|accept)(?: (.+?))?(?::(?: (.*))?)?$/.exec(line) ?? [];
    if (below !== undefined) expected.at(-1)?.claims.at(-1)?.lines.push(below.replace(/^ /, ''));
    else if (claim !== undefined) expected.at(-1)?.claims.push({ claim, label, text, lines: [] });
    else if (line.includes(cursorSign)) expected.push({ line: line.trim(), claims: [] });
    else if (line.trim() !== '') throw new Error(`"${line}" is not read`);
  }
  return expected;
}

export function printExpected(expected: readonly Expected[]): string {
  const lines = expected.flatMap(({ line, claims }) => [
    line,
    ...claims.flatMap(({ claim, label, text, lines: below }) => [
      `  ${claim}${label === '' ? '' : ` ${label}`}${claim === 'nothing' ? '' : ':'}${text === '' ? '' : ` ${text}`}`,
      ...below.map((one) => `    |${one === '' ? '' : ` ${one}`}`),
    ]),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

export interface Offered {
  readonly one: CursorCase;
  readonly choices: readonly ManifestChoice[];
}

export function offeredAt(one: CursorCase): Offered {
  const text = one.files.get(one.uri)!;
  const { choices } = manifestChoices({ workspace: workspaceOf(one), uri: one.uri, text, offset: one.offset });
  return { one, choices };
}

/** The claims that do not hold, as sentences. */
export function brokenClaims(offered: Offered, { claims }: Expected): readonly string[] {
  return claims.flatMap((claim) => {
    const problem = problemOf(offered, claim);
    return problem === undefined ? [] : [problem];
  });
}

function problemOf(offered: Offered, { claim, label, text, lines }: Claim): string | undefined {
  if (claim === 'accept') return acceptProblem(offered, label, lines);
  const labels = offered.choices.map((choice) => choice.label);
  const listed = text.split(', ').filter((one) => one !== '');
  const choice = offered.choices.find((one) => one.label === label);
  const holds: Readonly<Record<string, () => boolean>> = {
    nothing: () => labels.length === 0,
    first: () => listed.every((one, i) => labels[i] === one),
    also: () => listed.every((one) => labels.includes(one)),
    not: () => !listed.some((one) => labels.includes(one)),
    detail: () => choice !== undefined && choice.detail.includes(text),
    doc: () => choice !== undefined && docOf(choice).includes(text),
  };
  if (holds[claim]!()) return undefined;
  const shown = choice ? `${label}: ${choice.detail}; ${docOf(choice)}` : labels.slice(0, 30).join(', ') || 'nothing';
  return `${claim} ${label} ${text}; offered: ${shown}`;
}

function docOf(choice: ManifestChoice): string {
  return choice.about ? documentationOf(choice.about) : '';
}

function acceptProblem(offered: Offered, label: string, lines: readonly string[]): string | undefined {
  const after = acceptedLines(offered, label);
  if (after === undefined) return `${label} is not offered`;
  return after.join('\n') === lines.join('\n') ? undefined : `accept ${label} gives\n${after.join('\n')}`;
}

/** The file with the choice in it, and the cursor where the editor puts it. */
export function accepted({ one }: Offered, { replace, newText, snippet, also = [] }: ManifestChoice): string {
  const inserted = snippet === undefined ? `${newText}${cursorSign}` : filled(snippet);
  return applyEdits(one.files.get(one.uri)!, [{ span: replace, newText: inserted }, ...also]);
}

function filled(snippet: string): string {
  return snippet.replace('$0', cursorSign).replace(/\\([\\$}])/g, '$1');
}

/** The lines that accepting changes; undefined where the label is not offered. */
export function acceptedLines(offered: Offered, label: string): readonly string[] | undefined {
  const choice = offered.choices.find((one) => one.label === label);
  if (!choice) return undefined;
  const before = offered.one.files.get(offered.one.uri)!.split('\n');
  const after = accepted(offered, choice).split('\n');
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return after.slice(start, after.length - end).map((line) => line.replace('\r', ''));
}

/** What an editor or a reader of YAML would not take. */
export function faultsOf({ one, choices }: Offered): readonly string[] {
  const text = one.files.get(one.uri)!;
  return choices.flatMap((choice) => {
    const { label, replace } = choice;
    const before = text.slice(replace.start, one.offset);
    const faults: string[] = [];
    if (replace.start > one.offset || replace.end < one.offset) faults.push(`${label}: the range misses the cursor`);
    if (/[\r\n]/.test(text.slice(replace.start, replace.end))) faults.push(`${label}: the range has several lines`);
    if (!hasLetters(choice.filter ?? label, before.trimStart())) faults.push(`${label}: an editor hides it`);
    return [...faults, ...yamlFaults(accepted({ one, choices }, choice), text, label)];
  });
}

function yamlFaults(after: string, before: string, label: string): readonly string[] {
  if (errorsIn(before) > 0) return [];
  return errorsIn(after.replace(cursorSign, '')) > 0 ? [`${label}: not valid YAML\n${after}`] : [];
}

function errorsIn(text: string): number {
  return splitDocuments(text).reduce((sum, chunk) => sum + parseDocument(chunk.text).errors.length, 0);
}

/** As editors compare: letters in their order, in either case. */
function hasLetters(label: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters.toLowerCase()) {
    at = label.toLowerCase().indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** With the lines that accepting gives now. */
export function updated(offered: Offered, { line, claims }: Expected): Expected {
  return {
    line,
    claims: claims.map((claim) =>
      claim.claim === 'accept' ? { ...claim, lines: acceptedLines(offered, claim.label) ?? ['not offered'] } : claim,
    ),
  };
}
