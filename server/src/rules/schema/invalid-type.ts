import type { SchemaDataByRule, WantedType } from '../../schema/findings.ts';
import type { YamlNode, YamlScalar } from '../../yaml/node.ts';
import { toPlain } from '../../yaml/read.ts';
import { defineDocumentRule, type DocumentView, type Plain } from '../rule.ts';
import { valueAt } from './place.ts';

export const invalidType = defineDocumentRule<SchemaDataByRule['invalid-type']>({
  id: 'invalid-type',
  stage: 'schema',
  summary: 'A value of another type than its field takes, such as a number where a string is wanted.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0106'],

  *fixes({ path, wanted }, document) {
    const found = valueAt(document, path);
    const repair = found && repairOf(found.node, wanted, document);
    if (repair) yield { title: repair.title, safety: 'safe', changes: [{ op: 'set', in: found.in, path, value: repair.value }] };
  },
});

interface Repair {
  readonly title: string;
  readonly value: Plain;
}

function repairOf(node: YamlNode, wanted: WantedType, document: DocumentView): Repair | undefined {
  if (wanted === 'array') return wrapped(node, document);
  if (node.kind !== 'scalar') return undefined;
  if (wanted === 'string') return { title: 'Put it in quotes', value: sourceOf(node, document) };
  const value = typeof node.value === 'string' ? unquoted(node.value, wanted) : undefined;
  return value === undefined ? undefined : { title: 'Take the quotes off', value };
}

/** What was written, as `1.10` is no longer told from `1.1` once it was read as a number. */
function sourceOf({ span }: YamlScalar, { text }: DocumentView): string {
  return text.slice(span.start, span.end);
}

function wrapped(node: YamlNode, { tree }: DocumentView): Repair | undefined {
  // A comment inside would be lost.
  const isCommented = tree.comments.some(({ start }) => node.span.start <= start && start < node.span.end);
  return isCommented || node.kind === 'seq' ? undefined : { title: 'Make it a list', value: [toPlain(node)] };
}

function unquoted(value: string, wanted: WantedType): Plain | undefined {
  if (wanted === 'boolean') return /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : undefined;
  const isNumber = wanted === 'integer' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d+)?$/;
  return wanted !== 'object' && isNumber.test(value) ? Number(value) : undefined;
}
