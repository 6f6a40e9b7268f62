// The location of a finding by field names instead of lines, so that it survives edits elsewhere.
import type { Finding } from '../engine/finding.ts';
import type { YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { asString, at, nodeAt } from '../yaml/read.ts';
import type { Loaded } from './load.ts';

/** `spec.ports[name=http].protocol`: the field that a finding is about, from its resource; empty for the whole of it. Parses each document once. */
export function fieldPaths({
  workspace,
  textOf,
}: Pick<Loaded, 'workspace' | 'textOf'>): (finding: Pick<Finding, 'document' | 'span' | 'rendered'>) => string {
  const roots = new Map<number, YamlNode | undefined>();
  return ({ document, span: shown, rendered }) => {
    const span = rendered?.span ?? shown;
    const where = workspace.documentAt(document);
    if (!where) return '';
    const root = roots.has(document)
      ? roots.get(document)
      : parseDocument(textOf(where.uri)?.slice(where.start, where.start + where.length) ?? '').root;
    roots.set(document, root);
    return root ? fieldPathAt(root, span.start - where.start) : '';
  };
}

function fieldPathAt(root: YamlNode, offset: number): string {
  const path = nodeAt(root, offset)?.path ?? [];
  const inList =
    path[0] === 'items' && typeof path[1] === 'number' && (asString(at(root, ['kind'])) ?? '').endsWith('List');
  return path.slice(inList ? 2 : 0).reduce<string>((text, step, i) => {
    if (typeof step === 'number')
      return `${text}[${nameOfItem(at(root, path.slice(0, i + (inList ? 3 : 1)))) ?? step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** What identifies an item independent of its position in the list; undefined if only its index does. */
function nameOfItem(item: YamlNode | undefined): string | undefined {
  if (item?.kind === 'scalar') return String(item.value);
  const key = ['name', 'host', 'number'].find((one) => at(item, [one])?.kind === 'scalar');
  const named = key === undefined ? undefined : at(item, [key]);
  return named?.kind === 'scalar' ? `${key}=${String(named.value)}` : undefined;
}
