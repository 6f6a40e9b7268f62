// What can stand at a place of `.istio-egress.yaml`: keys, rules with what they find, levels, kinds.
import type { Rules } from '../../engine/workspace-options.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { cursorAt, type Cursor } from '../egress-test/cursor.ts';
import type { Choice } from '../egress-test/completion.ts';
import { docOfValue, keysAt, kindNames, levelWords, type KeyWords } from './key-docs.ts';

/** What the manifests have, for values that name it. */
export interface KnownNames {
  readonly hosts: readonly string[];
  readonly namespaces: readonly string[];
}

export function configChoices(
  text: string,
  offset: number,
  rules: Rules,
  known: KnownNames = { hosts: [], namespaces: [] },
): readonly Choice[] {
  const cursor = cursorAt(text, offset);
  if (cursor === undefined) return [];
  if (cursor === 'start') return keyChoices(atMargin(text, offset), rules);
  return cursor.at === 'key' || beginsItem(text, cursor) ? keyChoices(cursor, rules) : valueChoices(cursor, known);
}

/** Of a list whose items have keys: behind the dash. */
function beginsItem(text: string, { path, replace: { start } }: Cursor): boolean {
  return keysAt(path).length > 0 && /^\s*(?:- +)+$/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
}

/** A key of the file itself: no list of cases is here, so the margin is a place like any other. */
function atMargin(text: string, offset: number): Cursor {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = offset + /^\w*/.exec(text.slice(offset))![0].length;
  const { root } = parseDocument(`${text.slice(0, start)}${text.slice(end)}`);
  const beside = root?.kind === 'map' ? root.entries.map(({ key }) => String(key.value)) : [];
  return { at: 'key', path: [], beside, hasColon: text[end] === ':', replace: { start, end } };
}

function keyChoices(cursor: Cursor, rules: Rules): readonly Choice[] {
  const { path, beside, hasColon, replace } = cursor;
  const named = path.length === 1 && path[0] === 'severities' ? ruleKeys(rules) : keysAt(path);
  return named
    .filter(({ key }) => !beside.includes(key))
    .map(({ key, doc, holds }) => ({
      label: key,
      kind: 'key',
      doc,
      newText: hasColon ? key : `${key}:${holds === 'value' ? ' ' : ''}`,
      replace,
    }));
}

function ruleKeys({ rules, documentRules }: Rules): readonly Pick<KeyWords, 'key' | 'doc' | 'holds'>[] {
  return [...rules, ...documentRules].map(({ id, summary, severity }) => ({
    key: id,
    doc: `${summary} (${severity})`,
    holds: 'value' as const,
  }));
}

function valueChoices({ path, replace }: Cursor, known: KnownNames): readonly Choice[] {
  const names = namesAt[path.join('.')];
  const choices = names ? known[names].map((value) => ({ value: quoted(value), doc: '' })) : valuesAt(path);
  return choices.map(({ value, doc }) => ({ label: value, kind: 'value', doc, newText: value, replace }));
}

const namesAt: Readonly<Record<string, keyof KnownNames>> = {
  defaultNamespace: 'namespaces',
  'require.hosts': 'hosts',
  'require.callers.host': 'hosts',
  'require.callers.namespaces': 'namespaces',
  'require.exceptions.host': 'hosts',
};

/** A star begins an alias in YAML. */
function quoted(value: string): string {
  return value.startsWith('*') ? `"${value}"` : value;
}

function valuesAt(path: readonly string[]): readonly { readonly value: string; readonly doc: string }[] {
  if (path[0] === 'severities')
    return path.length === 2
      ? levelWords.values.map((value) => ({ value, doc: docOfValue(levelWords.doc, value) }))
      : [];
  if (path.join('.') === 'completeKinds') return kindNames.map((value) => ({ value, doc: '' }));
  const key = keysAt(path.slice(0, -1)).find((one) => one.key === path.at(-1));
  // A version without quotes is a number to other tools: 1.30 would be 1.3.
  const written = (value: string) => (key?.key === 'istioVersion' ? `"${value}"` : value);
  return (key?.values ?? []).map((value) => ({ value: written(value), doc: docOfValue(key?.doc ?? '', value) }));
}
