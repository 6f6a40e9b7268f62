// Reads a document in which a half-typed line is valid YAML and still changes what the lines around it mean: a key between a key
// and the lines below it, a dash above a map, a word that continues the value above. If the document without that line has
// fewer faults and no others, it is read without the line, and the line is one finding.
import type { Span } from '../base/span.ts';
import { isRefusal } from '../schema/refusal.ts';
import { finding, type SchemaFinding } from '../schema/findings.ts';
import { isFragment } from '../yaml/line-repairs.ts';
import { lineEnd, lineStart, nextLineStart } from '../yaml/lines.ts';
import type { YamlNode } from '../yaml/node.ts';
import { asMap, entryOf } from '../yaml/read.ts';
import { leftOutMessage } from '../yaml/repair.ts';
import { faultsIn, readChecked, type CheckedDocument, type ReadOptions } from './checked-document.ts';

/** Each try is another reading of the document; a long one gets fewer, so that a keystroke stays bearable. */
const MAX_TRIES = 4;
const LONG = 50_000;
/** One half-typed line does not cause more faults. */
const MAX_FAULTS = 1000;

export function readWithSlips(text: string, options: ReadOptions): CheckedDocument {
  const read = readChecked(text, options);
  if (read.tree.isUnread) return read;
  const faults = faultsIn(read);
  if (faults.length > MAX_FAULTS || (faults.length === 0 && !mayHideSlip(read))) return read;
  const tries = [...slipLines(text, read, faults)].slice(0, text.length > LONG ? 1 : MAX_TRIES);
  const line = bestWithout(text, tries, read, options);
  return line === undefined ? read : withSlip(readChecked(withoutLine(text, line), options), faultOf(text, line, read));
}

/** The line without which the fewest faults are left. */
function bestWithout(
  text: string,
  lines: readonly number[],
  read: CheckedDocument,
  options: ReadOptions,
): number | undefined {
  let best: { readonly line: number; readonly read: CheckedDocument } | undefined;
  for (const line of lines) {
    const without = readChecked(withoutLine(text, line), { ...options, nextId: () => 0 });
    if (isBetter(without, read) && (!best || faultsIn(without).length < faultsIn(best.read).length))
      best = { line, read: without };
    if (best && faultsIn(best.read).length === 0) break;
  }
  return best?.line;
}

/** The text of the same length, with spaces in place of the line. */
function withoutLine(text: string, line: number): string {
  const end = lineEnd(text, line);
  return text.slice(0, line) + ' '.repeat(end - line) + text.slice(end);
}

/** No other faults, and fewer; or facts about the object that the line hides. */
function isBetter(without: CheckedDocument, read: CheckedDocument): boolean {
  if (without.recognition.state !== 'manifest' || factsIn(without) < factsIn(read)) return false;
  const hasMoreFacts = factsIn(without) > factsIn(read);
  const before = new Set(faultsIn(read).map(keyOf));
  const after = faultsIn(without);
  return hasMoreFacts
    ? after.length <= before.size
    : after.length < before.size && after.every((fault) => before.has(keyOf(fault)));
}

/** How many names and labels are readable; none has white space in it. */
function factsIn({ roots }: CheckedDocument): number {
  const texts = roots.flatMap(({ resource }) =>
    resource ? [resource.name, resource.namespace, ...[...resource.labels.values()].map(({ value }) => value)] : [],
  );
  return texts.filter((text) => /^\S+$/.test(text)).length;
}

function keyOf({ rule, at, message }: SchemaFinding): string {
  return `${rule} ${at.start} ${message}`;
}

/** Whether a document without faults may have one: most have no value that goes on in the next line, and are not looked at closer. */
function mayHideSlip({ tree: { root } }: CheckedDocument): boolean {
  const metadata = entryOf(root, 'metadata')?.value;
  if (metadata?.kind !== 'map') return true;
  const labels = entryOf(metadata, 'labels')?.value;
  return (
    isLong(root, 'apiVersion') ||
    isLong(root, 'kind') ||
    isLong(metadata, 'name') ||
    isLong(metadata, 'namespace') ||
    (labels !== undefined && (labels.kind !== 'map' || labels.entries.some(({ value }) => isLongText(value))))
  );
}

function isLong(map: YamlNode | undefined, key: string): boolean {
  return isLongText(entryOf(map, key)?.value);
}

/** True for all that goes on in the next line: a line break is a space, or stands for itself. */
function isLongText(node: YamlNode | undefined): boolean {
  return (
    node?.kind === 'scalar' && node.style === 'plain' && (typeof node.value !== 'string' || /[ \n]/.test(node.value))
  );
}

/** Starts of the lines that may be slips, at the faults that they cause. */
function slipLines(text: string, read: CheckedDocument, faults: readonly SchemaFinding[]): Set<number> {
  const lines = new Set<number>();
  const isBroken = read.syntax.some(isRefusal);
  for (const { rule, at } of faults) {
    const line = lineStart(text, at.start);
    if (line > 0 && (isFragment(contentOf(text, line)) || (isBroken && rule === 'unknown-field'))) lines.add(line);
    for (const near of [nextLineStart(text, at.start), lineStart(text, Math.max(0, line - 1))])
      if (/^[-:?]+$/.test(contentOf(text, near))) lines.add(near);
  }
  const mayBeInNames = mayHideSlip(read);
  for (const at of [...(mayBeInNames ? valuesOfNames(read) : []), ...faults.map((fault) => fault.at)]) {
    const continuation = continuationOf(text, at);
    if (continuation !== undefined) lines.add(continuation);
  }
  if (mayBeInNames) for (const line of linesInMetadata(text, read)) lines.add(line);
  return lines;
}

/** The second and last line of a plain value, with one word in it. */
function continuationOf(text: string, { start, end }: Span): number | undefined {
  const second = nextLineStart(text, start);
  if (second >= end) return undefined;
  const isPlain = /^[\w./*-]/.test(text.slice(start, start + 1)) && !text.startsWith('- ', start);
  if (!isPlain || nextLineStart(text, second) < end) return undefined;
  return /^(?:- *)?[\w./-]*$/.test(contentOf(text, second)) ? second : undefined;
}

/** The values that say which object it is, and its labels. */
function valuesOfNames({ tree: { root } }: CheckedDocument): Span[] {
  const metadata = entryOf(root, 'metadata')?.value;
  const nodes = [
    ...['apiVersion', 'kind'].map((key) => entryOf(root, key)?.value),
    ...['name', 'namespace'].map((key) => entryOf(metadata, key)?.value),
    ...(asMap(entryOf(metadata, 'labels')?.value)?.entries ?? []).map(({ value }) => value),
  ];
  return nodes.flatMap((node) => (node?.kind === 'scalar' && node.style === 'plain' ? [node.span] : []));
}

/** The first lines below `metadata:` and `labels:` where these have no map: for kinds without a schema there is no fault to look at. */
function linesInMetadata(text: string, { tree: { root } }: CheckedDocument): number[] {
  const metadata = entryOf(root, 'metadata');
  return [metadata, entryOf(metadata?.value, 'labels')].flatMap((entry) => {
    if (!entry || entry.value.kind === 'map') return [];
    const below = nextLineStart(text, entry.key.span.start);
    return isFragment(contentOf(text, below)) ? [below] : [];
  });
}

function contentOf(text: string, line: number): string {
  return text
    .slice(line, lineEnd(text, line))
    .trim()
    .replace(/\s+#.*$/, '');
}

/** What is said of the line: a fault that stands on it, else that it does not belong there. */
function faultOf(text: string, line: number, read: CheckedDocument): SchemaFinding {
  const end = lineEnd(text, line);
  const own = faultsIn(read).find(({ at }) => line <= at.start && at.start <= end);
  if (own) return own;
  const content = contentOf(text, line);
  const start = line + text.slice(line, end).search(/\S|$/);
  return finding(
    'invalid-yaml',
    { start, end: start + content.length },
    continuationOfLine(text, line, read)
      ? 'This line continues the value of the line above: complete or remove it.'
      : leftOutMessage(content),
    { code: 'syntax' },
  );
}

function continuationOfLine(text: string, line: number, read: CheckedDocument): boolean {
  return [...valuesOfNames(read), ...faultsIn(read).map(({ at }) => at)].some(
    (at) => continuationOf(text, at) === line,
  );
}

/** The slip as the first finding of the object that it stands in. */
export function withSlip(read: CheckedDocument, slip: SchemaFinding): CheckedDocument {
  const [first, ...others] = read.roots;
  if (slip.rule === 'invalid-yaml' || !first) return { ...read, syntax: [slip, ...read.syntax] };
  const root =
    read.roots.find(({ root: { span } }) => span.start <= slip.at.start && slip.at.start <= span.end) ?? first;
  return {
    ...read,
    roots: [first, ...others].map((one) => (one === root ? { ...one, found: [slip, ...one.found] } : one)),
  };
}
