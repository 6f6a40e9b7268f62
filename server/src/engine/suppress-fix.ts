// The quick fix that ignores a finding with a comment. Never applied automatically and never preferred: the user gives the reason.
import { requirementRules } from '../rules/requirements.ts';
import type { Fix } from '../rules/rule.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { Finding } from './finding.ts';
import { readSuppressions, suppresses } from './suppressions.ts';

/** What a user writes over. */
const placeholder = 'say why';

/** Of these a comment would be part of the fault, or somebody else's to allow: exceptions of requirements stand in the settings. */
const beyond: ReadonlySet<string> = new Set([
  'invalid-yaml',
  'unused-suppression',
  ...requirementRules.map(({ id }) => id),
]);

/** `text` is the document's, which starts at `start` of its file. Undefined if the text takes no comment, as in JSON. */
export function suppressionFix(finding: Finding, text: string, start: number): Fix | undefined {
  if (beyond.has(finding.rule) || finding.uri.endsWith('.json')) return undefined;
  const at = { start: finding.span.start - start, end: finding.span.end - start };
  const comment = `# istio-egress-ignore ${finding.rule}: ${placeholder}`;
  // Above the first line it would hold for the whole document, so it goes behind that.
  const change = [
    isFirst(text, at.start) ? behind(text, at.start, comment) : undefined,
    above(text, at.start, comment),
  ].find((one) => one !== undefined && silences(text, one, finding.rule, at));
  if (!change) return undefined;
  const { offset, newText } = change;
  const span = { start: offset, end: offset };
  return {
    title: `Ignore ${finding.rule} here`,
    safety: 'unsafe',
    changes: [{ op: 'replace-text', in: { uri: finding.uri, document: finding.document }, span, newText }],
  };
}

interface Insertion {
  readonly offset: number;
  readonly newText: string;
}

function above(text: string, at: number, comment: string): Insertion {
  const offset = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^[ ]*/.exec(text.slice(offset))![0];
  return { offset, newText: `${indent}${comment}${text.includes('\r\n') ? '\r\n' : '\n'}` };
}

function behind(text: string, at: number, comment: string): Insertion {
  const end = /\r?\n|$/.exec(text.slice(at))!.index + at;
  return { offset: end, newText: ` ${comment}` };
}

function isFirst(text: string, at: number): boolean {
  const before = text.slice(0, text.lastIndexOf('\n', at - 1) + 1);
  return before.split('\n').every((line) => /^\s*(#.*)?\r?$|^---/.test(line));
}

/** In some text a comment is not possible at that place: then there is no fix. */
function silences(
  text: string,
  { offset, newText }: Insertion,
  rule: string,
  at: { readonly start: number; readonly end: number },
): boolean {
  const changed = text.slice(0, offset) + newText + text.slice(offset);
  const tree = parseDocument(changed);
  const shifted = at.start >= offset ? { start: at.start + newText.length, end: at.end + newText.length } : at;
  const isNoFault = tree.errors.length <= parseDocument(text).errors.length;
  return (
    isNoFault &&
    readSuppressions(changed, tree.comments).some((one) => one.reason === placeholder && suppresses(one, rule, shifted))
  );
}
