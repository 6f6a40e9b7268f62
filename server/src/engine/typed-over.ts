// Reads a document in which a line was replaced by half-typed text: `spec:`, `kind: ServiceEntry` or `name: api` while it is typed
// anew. No repair can know what stood there, the text before the edit does: the document is read with those lines, and the
// half-typed line is one finding.
import type { Span } from '../base/span.ts';
import { child, textField } from '../model/read-field.ts';
import { finding, type SchemaFinding } from '../schema/findings.ts';
import { isFragment } from '../yaml/line-repairs.ts';
import { lineEnd, lineStart } from '../yaml/lines.ts';
import type { YamlNode } from '../yaml/node.ts';
import { movedNode, mover } from '../yaml/move.ts';
import { parseDocument } from '../yaml/parse.ts';
import { entryOf } from '../yaml/read.ts';
import { applyRepairs, leftOutMessage, shownLine } from '../yaml/repair.ts';
import { checkTree, faultsIn, isChecked, type CheckedDocument, type ReadOptions } from './checked-document.ts';
import { readWithSlips, withSlip } from './read-with-slips.ts';

/** Lines that are read in place of those that are being typed. */
export interface StandIn {
  /** The typed lines, from the start of the document. */
  readonly at: Span;
  readonly text: string;
}

/** A document as it was before an edit. */
export interface EarlierText {
  readonly text: string;
  readonly standIn: StandIn | undefined;
}

export interface TypedDocument {
  readonly read: CheckedDocument;
  readonly standIn: StandIn | undefined;
}

export function readTyped(text: string, options: ReadOptions, earlier: EarlierText | undefined): TypedDocument {
  const read = readWithSlips(text, options);
  if (!earlier || read.recognition.state === 'empty') return { read, standIn: undefined };
  for (const standIn of standInsFor(text, earlier)) {
    const fault = faultOfLines(read, standIn.at);
    const typed = text.slice(standIn.at.start, standIn.at.end);
    const isPart = typed.trim() !== '' && standIn.text.startsWith(typed.trimEnd());
    const isFaulty = fault !== undefined || areHalfTyped(typed);
    if (!isFaulty && !isPart && isWhole(read)) continue;
    const before = readWith(text, standIn, options);
    const isBroken = fault?.rule === 'invalid-yaml' || (isFaulty && breaksOf(read) > breaksOf(before));
    if (
      !isBetter(before, read, {
        isFaulty,
        isHalf: isHalfTyped(typed),
        isBroken,
        isPart,
        isGone: typed === '',
      })
    )
      continue;
    const finding = fault ?? replaced(text, standIn);
    return { read: isChecked(before.roots, before.recognition) ? withSlip(before, finding) : before, standIn };
  }
  return { read, standIn: undefined };
}

/** The lines that already stand in, if the edit was elsewhere; then all that was replaced. */
function standInsFor(text: string, { text: shown, standIn }: EarlierText): readonly StandIn[] {
  const edit = changedLines(shown, text);
  const kept = standIn && movedBy(standIn, edit);
  const whole = standIn ? shown.slice(0, standIn.at.start) + standIn.text + shown.slice(standIn.at.end) : shown;
  const { before, after } = changedLines(whole, text);
  const replacedLines = whole.slice(before.start, before.end);
  const typed = text.slice(after.start, after.end);
  const isSlip = isFewLines(replacedLines) && isFewLines(typed) && !isComment(typed);
  return [...(kept ? [kept] : []), ...(isSlip ? [{ at: after, text: replacedLines }] : [])];
}

/** A slip and its neighbors; more is another text. */
const MAX_LINES = 3;

function isFewLines(lines: string): boolean {
  return lines.split('\n').length <= MAX_LINES;
}

/** Who comments a line out does not type. */
function isComment(lines: string): boolean {
  return /^\s*#/.test(lines) && lines.split('\n').every((line) => /^\s*(?:#|$)/.test(line));
}

interface ChangedLines {
  readonly before: Span;
  readonly after: Span;
}

/** Lines without the last line break, unless whole lines came or went. */
function changedLines(before: string, after: string): ChangedLines {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  const start = lineStart(before, head);
  let tail = 0;
  while (
    tail < shorter - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  const ends = [before.length - tail, after.length - tail] as const;
  const areLines = lineStart(before, ends[0]) === ends[0] && lineStart(after, ends[1]) === ends[1];
  return {
    before: { start, end: areLines ? ends[0] : lineEnd(before, ends[0]) },
    after: { start, end: areLines ? ends[1] : lineEnd(after, ends[1]) },
  };
}

/** Undefined if the edit reaches into the lines. */
function movedBy({ at, text }: StandIn, { before, after }: ChangedLines): StandIn | undefined {
  if (before.start > at.end) return { at, text };
  const by = after.end - before.end;
  return before.end < at.start ? { at: { start: at.start + by, end: at.end + by }, text } : undefined;
}

function readWith(text: string, { at, text: lines }: StandIn, options: ReadOptions): CheckedDocument {
  const repair = { id: 'before', changes: [{ span: at, text: lines }], errors: [] };
  const { repaired, toOriginal } = applyRepairs(text, [repair]);
  const { root, errors, comments } = parseDocument(repaired);
  const move = mover(toOriginal);
  const tree = {
    root: root && movedNode(root, move),
    errors: errors.map((error) => ({ ...error, span: move(error.span) })),
    comments: comments.map(move),
  };
  return checkTree(tree, text, options);
}

/** Lines that give no value, or of which nothing is left. Their fault may be found in the lines around them. */
function areHalfTyped(lines: string): boolean {
  return lines.split('\n').every((line) => isFragment(line.trim()));
}

function isHalfTyped(lines: string): boolean {
  return lines.trim() !== '' && areHalfTyped(lines);
}

/** Also where the text is not checked, as of kinds without a schema. */
function breaksOf({ tree: { root, errors } }: CheckedDocument): number {
  const metadata = entryOf(root, 'metadata')?.value;
  const maps = [metadata, entryOf(metadata, 'labels')?.value];
  return (
    errors.filter(({ code }) => code !== 'duplicate-key').length + maps.filter((node) => node && !canBeMap(node)).length
  );
}

function canBeMap(node: YamlNode): boolean {
  return node.kind === 'map' || (node.kind === 'scalar' && node.value === null);
}

interface Slip {
  /** The typed lines are no complete YAML. */
  readonly isBroken: boolean;
  /** Or they are wrong. */
  readonly isFaulty: boolean;
  /** Or they give no value. A whole line that is wrong can be meant. */
  readonly isHalf: boolean;
  /** Or they are the start of what was there. */
  readonly isPart: boolean;
  /** There are none. */
  readonly isGone: boolean;
}

/** What can be meant as it is written is read as it is written. */
function isBetter(
  before: CheckedDocument,
  read: CheckedDocument,
  { isBroken, isFaulty, isHalf, isPart, isGone }: Slip,
): boolean {
  const more = faultsIn(read).length - faultsIn(before).length;
  if (more < 0) return false;
  if (isPart && readableIn(read) < readableIn(before)) return true;
  if (isHalf && more > 0) return true;
  if (isBroken || (!isWhole(read) && isWhole(before))) return true;
  const now = new Set(objectsIn(read));
  return isFaulty && (more > 1 || (!isGone && objectsIn(before).some((object) => !now.has(object))));
}

function readableIn({ roots }: CheckedDocument): number {
  return roots.filter(({ resource }) => resource).length;
}

/** Whether each object says what it is. */
function isWhole(read: CheckedDocument): boolean {
  return read.roots.length > 0 && objectsIn(read).length === read.roots.length;
}

function objectsIn({ roots }: CheckedDocument): readonly string[] {
  return roots.flatMap(({ root, apiVersion, kind }) => {
    const metadata = child(root, 'metadata');
    const name = textField(metadata, 'name')?.value;
    if (!apiVersion?.value || !kind?.value || !name) return [];
    return [[apiVersion.value, kind.value, textField(metadata, 'namespace')?.value, name].join(' ')];
  });
}

function faultOfLines(read: CheckedDocument, { start, end }: Span): SchemaFinding | undefined {
  return faultsIn(read).find(({ at }) => start <= at.start && at.start <= end);
}

function replaced(text: string, { at, text: before }: StandIn): SchemaFinding {
  const lines = text.slice(at.start, at.end);
  const start = at.start + Math.max(0, lines.search(/\S/));
  const end = Math.max(start, at.start + lines.trimEnd().length);
  const typed = shownLine(text.slice(start, lineEnd(text, start)).trimEnd());
  if (before.trim() === '')
    return finding('invalid-yaml', { start, end }, leftOutMessage(text.slice(start, end)), { code: 'syntax' });
  const missing = shownLine(before.trim().split('\n', 1)[0]!);
  const message =
    start === end
      ? `${missing} is missing here. Until it is back, the document is read with it.`
      : `${typed} replaces ${missing}, which the document needs: complete this line. Until then the document is read with what was here.`;
  return finding('invalid-yaml', { start, end }, message, { code: 'syntax' });
}
