import type { SchemaDataByRule, WantedType } from '../../schema/findings.ts';
import type { YamlNode, YamlScalar } from '../../yaml/node.ts';
import { toPlain } from '../../yaml/read.ts';
import { defineDocumentRule, type Change, type DocumentView, type Plain } from '../rule.ts';
import { valueAt } from './repair-place.ts';

export const invalidType = defineDocumentRule<SchemaDataByRule['invalid-type']>({
  id: 'invalid-type',
  stage: 'schema',
  summary: 'A value of the wrong type, such as a number where a string is required.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0106'],

  *fixes({ path, wanted }, document) {
    const found = valueAt(document, path);
    if (!found) return;
    const { node, in: place } = found;
    if (node.kind === 'scalar' && node.value === null) {
      yield { title: 'Remove the empty item', safety: 'safe', changes: [{ op: 'remove', in: place, path }] };
      return;
    }
    if (wanted === 'string' && node.kind === 'scalar') {
      yield { title: 'Add quotes', safety: 'safe', changes: [quoting(node, document)] };
      return;
    }
    const repair = wanted === 'array' ? wrapped(node, document) : unquoted(node, wanted);
    if (repair)
      yield { title: repair.title, safety: 'safe', changes: [{ op: 'set', in: place, path, value: repair.value }] };
  },
});

interface Repair {
  readonly title: string;
  readonly value: Plain;
}

/** Around what was written: read as a value, `1.10` is 1.1, and `yes` is no other string than the quoted one. */
function quoting({ span }: YamlScalar, { uri, document, text }: DocumentView): Change {
  return { op: 'replace-text', in: { uri, document }, span, newText: JSON.stringify(text.slice(span.start, span.end)) };
}

function wrapped(node: YamlNode, { tree }: DocumentView): Repair | undefined {
  // A comment inside would be lost.
  const isCommented = tree.comments.some(({ start }) => node.span.start <= start && start < node.span.end);
  return isCommented || node.kind === 'seq' ? undefined : { title: 'Convert to a list', value: [toPlain(node)] };
}

function unquoted(node: YamlNode, wanted: WantedType): Repair | undefined {
  const value = node.kind === 'scalar' && typeof node.value === 'string' ? convertedTo(node.value, wanted) : undefined;
  return value === undefined ? undefined : { title: 'Remove the quotes', value };
}

function convertedTo(value: string, wanted: WantedType): Plain | undefined {
  if (wanted === 'boolean') return /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : undefined;
  if (wanted !== 'integer' && wanted !== 'number') return undefined;
  return (wanted === 'integer' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d+)?$/).test(value) ? Number(value) : undefined;
}
