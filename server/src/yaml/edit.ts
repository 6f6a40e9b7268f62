// Turns operations on fields into text edits that keep comments, order, indentation and quotes.
// Every result is parsed again; if it is not exactly the requested value, the smallest node around it is rewritten.
import { applyEdits } from '../base/text-edit.ts';
import type { TextEdit } from '../base/text-edit.ts';
import { addEntry, addItem, removeEntry, removeItem, replaceEntry, replaceItem } from './edit-block.ts';
import type { Editing } from './edit-block.ts';
import { addFlowEntry, addFlowItem, removeFlowPiece, replaceFlowEntry, replaceFlowItem } from './edit-flow.ts';
import { applyToPlain } from './edit-operation.ts';
import { isList, samePlain, type Plain, isMap } from './plain.ts';
import type { EditOperation, FieldOperation } from './edit-operation.ts';
import { addRoot, appendDocument, removeDocument, replaceRoot } from './edit-document.ts';
import type { YamlDocument, YamlMap, YamlNode, YamlSeq } from './node.ts';
import { editedAlone, itemAlone } from './item-alone.ts';
import { parseDocument } from './parse.ts';
import { perTree } from './per-tree.ts';
import { printKey } from './print.ts';
import { lineEdits } from './line-edits.ts';
import { at as nodeAtPath, toPlain } from './read.ts';
import { ownEntry, ownNode } from './own-node.ts';
import { styleOf } from './style.ts';
import type { FieldPath } from '../base/field-path.ts';

/**
 * The edits, in the chunk's own offsets, that do one operation to its document. None where nothing is to be done, or
 * where it cannot be done: a path that leads through a scalar or past a list, a field to remove that is not there.
 */
export function editsFor(text: string, tree: YamlDocument, operation: EditOperation): TextEdit[] {
  const editing = { text, style: styleIn(text, tree) };
  switch (operation.op) {
    case 'replace-text':
      return [{ span: operation.span, newText: operation.newText }];
    case 'remove-document':
      return removeDocument(text);
    case 'append-document':
      return appendDocument(editing, tree, operation.manifest);
    default:
      return fieldEdits(editing, tree, operation);
  }
}

const styleIn = perTree(styleOf);

function fieldEdits(editing: Editing, tree: YamlDocument, operation: FieldOperation): TextEdit[] {
  return editsInItem(editing, tree, operation) ?? editsInDocument(editing, tree, operation);
}

/** The same edits, tried on an item of a List alone. Undefined where that does not tell what they do. */
function editsInItem(editing: Editing, tree: YamlDocument, operation: FieldOperation): TextEdit[] | undefined {
  const [first, index, ...path] = operation.path;
  if (first !== 'items' || typeof index !== 'number' || path.length === 0) return undefined;
  const item = itemAlone(editing.text, tree, index);
  if (!item) return undefined;
  const before = toPlain(item.root);
  const wanted = applyToPlain(before, { ...operation, path });
  if (wanted === undefined || samePlain(before, wanted)) return [];
  const edits = localEdits(editing, tree.root, operation);
  const after = edits && areApart(edits) ? editedAlone(item, edits) : undefined;
  return after && samePlain(toPlain(after), wanted) ? edits : undefined;
}

function editsInDocument(editing: Editing, tree: YamlDocument, operation: FieldOperation): TextEdit[] {
  const before = tree.root && toPlain(tree.root);
  const wanted = applyToPlain(before, operation);
  if (wanted === undefined || samePlain(before, wanted)) return [];
  const check = (edits: TextEdit[] | undefined): edits is TextEdit[] =>
    edits !== undefined && producesValue(editing.text, edits, wanted, tree);
  const local = localEdits(editing, tree.root, operation);
  if (check(local)) return local;
  for (let length = operation.path.length - 1; length >= 0; length--) {
    const path = operation.path.slice(0, length);
    const wider = rewrite(editing, tree.root, path, valueAt(wanted, path));
    if (check(wider)) return wider;
  }
  return [];
}

/** Reads the result; errors must not have become more. */
function producesValue(text: string, edits: readonly TextEdit[], wanted: Plain, before: YamlDocument): boolean {
  if (!areApart(edits)) return false;
  const after = parseDocument(applyEdits(text, edits));
  return (
    after.root !== undefined && samePlain(toPlain(after.root), wanted) && after.errors.length <= before.errors.length
  );
}

/** In broken text, nodes can be at unusual positions, so edits can overlap. */
function areApart(edits: readonly TextEdit[]): boolean {
  const spans = edits.map(({ span }) => span).sort((a, b) => a.start - b.start || a.end - b.end);
  return spans.every(({ start, end }, i) => start <= end && (i === 0 || spans[i - 1]!.end <= start));
}

function valueAt(plain: Plain, path: FieldPath): Plain | undefined {
  let here: Plain | undefined = plain;
  for (const step of path) {
    if (isList(here)) here = here[Number(step)];
    else here = isMap(here) ? here[step] : undefined;
  }
  return here;
}

/** Writes the value at `path` again, with the comments inside it lost. */
function rewrite(
  editing: Editing,
  root: YamlNode | undefined,
  path: FieldPath,
  value: Plain | undefined,
): TextEdit[] | undefined {
  if (value === undefined) return undefined;
  return root ? replacing(editing, root, path, value) : addRoot(editing, value);
}

function localEdits(editing: Editing, root: YamlNode | undefined, operation: FieldOperation): TextEdit[] | undefined {
  const { op, path } = operation;
  if (op === 'remove') return removal(editing, root, path);
  if (op === 'rename-key') return renaming(editing, root, path, operation.key);
  if (op === 'set') return setting(editing, root, path, operation.value);
  const list = root && nodeAtPath(root, path);
  return list?.kind === 'seq' && list.items.length > 0
    ? adding(editing, root, path, operation.value)
    : setting(editing, root, path, [operation.value]);
}

/** Adds to a list that has items. */
function adding(editing: Editing, root: YamlNode | undefined, path: FieldPath, value: Plain): TextEdit[] | undefined {
  const seq = ownNode(editing, root, path);
  if (seq?.kind !== 'seq') return undefined;
  return seq.flow ? addFlowItem(editing, seq, value) : addItem(editing, seq, value);
}

function setting(editing: Editing, root: YamlNode | undefined, path: FieldPath, value: Plain): TextEdit[] | undefined {
  if (!root) return addRoot(editing, nest(path, value));
  let depth = 0;
  while (depth < path.length && nodeAtPath(root, path.slice(0, depth + 1))) depth++;
  const node = nodeAtPath(root, path.slice(0, depth))!;
  const inner = nest(path.slice(depth + 1), value);
  if (depth < path.length && (holds(node) || isEmptyJson(editing, node)))
    return addTo(editing, ownNode(editing, root, path.slice(0, depth)), path[depth]!, inner);
  const whole = depth < path.length ? nest(path.slice(depth), value) : value;
  return (
    byFieldEdits(editing, root, path.slice(0, depth), whole) ?? replacing(editing, root, path.slice(0, depth), whole)
  );
}

function holds(node: YamlNode): boolean {
  return (node.kind === 'map' && node.entries.length > 0) || (node.kind === 'seq' && node.items.length > 0);
}

/** Empty brackets of JSON are filled as its others are; elsewhere a block takes their place. */
function isEmptyJson({ style }: Editing, node: YamlNode): boolean {
  return style.json && node.kind !== 'scalar';
}

/** The value with the maps and lists of `path` around it. */
function nest(path: FieldPath, value: Plain): Plain {
  return path.reduceRight<Plain>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);
}

function addTo(
  editing: Editing,
  node: YamlNode | undefined,
  step: string | number,
  value: Plain,
): TextEdit[] | undefined {
  if (node?.kind === 'seq') return node.flow ? addFlowItem(editing, node, value) : addItem(editing, node, value);
  if (node?.kind !== 'map') return undefined;
  return node.flow ? addFlowEntry(editing, node, String(step), value) : addEntry(editing, node, String(step), value);
}

function replacing(editing: Editing, root: YamlNode, path: FieldPath, value: Plain): TextEdit[] | undefined {
  const step = path.at(-1);
  if (step === undefined) return replaceRoot(editing, root, value);
  const parent = ownNode(editing, root, path.slice(0, -1));
  const old = nodeAtPath(root, path);
  if (!old) return addTo(editing, parent, step, value);
  if (parent?.kind === 'seq')
    return parent.flow ? replaceFlowItem(editing, old, value) : replaceItem(editing, parent, step as number, value);
  const entry = parent?.kind === 'map' ? ownEntry(parent, String(step)) : undefined;
  if (parent?.kind !== 'map') return undefined;
  // What a merge key brought in is said again by the map itself.
  if (!entry) return addTo(editing, parent, step, value);
  return parent.flow ? replaceFlowEntry(editing, entry, value) : replaceEntry(editing, parent, entry, value);
}

/** A map is changed field by field, so that unchanged fields keep their comments. */
function byFieldEdits(editing: Editing, root: YamlNode, path: FieldPath, value: Plain): TextEdit[] | undefined {
  const { text } = editing;
  const old = ownNode(editing, root, path);
  const now = old && toPlain(old);
  if (!old || !isMap(now) || !isMap(value)) return undefined;
  const kept = Object.keys(now).filter((key) => Object.hasOwn(value, key));
  if (kept.length === 0) return undefined;
  const operations: EditOperation[] = [
    ...Object.entries(value)
      .filter(([key, inner]) => !samePlain(now[key], inner))
      .map(([key, inner]) => ({ op: 'set' as const, path: [...path, key], value: inner })),
    ...Object.keys(now)
      .filter((key) => !Object.hasOwn(value, key))
      .map((key) => ({ op: 'remove' as const, path: [...path, key] })),
  ];
  const wanted = applyToPlain(toPlain(root), { op: 'set', path, value });
  const edits = editsForAll(text, operations);
  const after = parseDocument(applyEdits(text, edits)).root;
  return after && samePlain(toPlain(after), wanted) ? edits : undefined;
}

function removal(editing: Editing, root: YamlNode | undefined, path: FieldPath): TextEdit[] | undefined {
  const step = path.at(-1);
  const above = path.slice(0, -1);
  const parent = ownNode(editing, root, above);
  if (!root || step === undefined || !parent) return undefined;
  if (parent.kind === 'seq')
    return parent.items.length === 1
      ? replacing(editing, root, above, [])
      : removeFrom(editing, parent, step as number);
  if (parent.kind !== 'map') return undefined;
  const doomed = parent.entries.flatMap((entry, index) => (String(entry.key.value) === String(step) ? [index] : []));
  if (doomed.length === parent.entries.length) return replacing(editing, root, above, {});
  const edits = doomed.map((index) => removeFrom(editing, parent, index));
  return edits.every((edit) => edit !== undefined) ? edits.flat() : undefined;
}

function removeFrom(editing: Editing, parent: YamlMap | YamlSeq, index: number): TextEdit[] | undefined {
  if (parent.kind === 'seq')
    return parent.flow
      ? removeFlowPiece(editing, parent, parent.items[index]!.span.start)
      : removeItem(editing, parent, index);
  const entry = parent.entries[index]!;
  if (entry.merged) return undefined;
  return parent.flow ? removeFlowPiece(editing, parent, entry.key.span.start) : removeEntry(editing, parent, index);
}

function renaming(editing: Editing, root: YamlNode | undefined, path: FieldPath, key: string): TextEdit[] | undefined {
  const parent = ownNode(editing, root, path.slice(0, -1));
  const entry = parent?.kind === 'map' ? ownEntry(parent, String(path.at(-1))) : undefined;
  return entry && [{ span: entry.key.span, newText: printKey(key, editing.style, entry.key.style) }];
}

/** The edits, in the first text's offsets, that do several operations one after the other. `tree` is that of the text, where it is known. */
export function editsForAll(text: string, operations: readonly EditOperation[], tree?: YamlDocument): TextEdit[] {
  let now = text;
  let single: TextEdit[] = [];
  for (const [i, operation] of operations.entries()) {
    single = editsFor(now, (i === 0 && tree) || parseDocument(now), operation);
    if (operations.length > 1) now = applyEdits(now, single);
  }
  return operations.length === 1 ? single : lineEdits(text, now);
}
