// What a key of `.istio-egress.yaml` means, and what a rule named there finds.
import { shift, type Span } from '../../base/span.ts';
import type { Rules } from '../../engine/workspace-options.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { nodeAt, type Place } from '../../yaml/read.ts';
import { docOfValue, keysAt, levelWords } from './key-docs.ts';

export interface ConfigHover {
  readonly markdown: string;
  /** In the file. */
  readonly span: Span;
}

/** Undefined where nothing is known of the place. `pageUri` as in other hovers. */
export function configHover(
  text: string,
  offset: number,
  rules: Rules,
  pageUri: (rule: string) => string | undefined,
): ConfigHover | undefined {
  const chunk = splitDocuments(text).findLast(({ start }) => start <= offset);
  const place = chunk && nodeAt(parseDocument(chunk.text).root, offset - chunk.start);
  const markdown = place && wordsOf(place, rules, pageUri);
  return chunk && place && markdown !== undefined ? { markdown, span: shift(place.node.span, chunk.start) } : undefined;
}

function wordsOf(
  { path, node, onKey }: Place,
  rules: Rules,
  pageUri: (rule: string) => string | undefined,
): string | undefined {
  const keys = path.filter((step) => typeof step === 'string');
  const value = !onKey && node.kind === 'scalar' ? String(node.value) : '';
  if (keys[0] === 'severities' && keys.length === 2) {
    const level = docOfValue(levelWords.doc, value);
    return level === '' ? ruleWords(keys[1]!, rules, pageUri) : `\`${value}\`: ${level}`;
  }
  const known = keysAt(keys.slice(0, -1)).find(({ key }) => key === keys.at(-1));
  if (!known) return undefined;
  const doc = docOfValue(known.doc, value);
  return `**${known.key}**\n\n${doc === '' ? known.doc : `\`${value}\`: ${doc}`}`;
}

function ruleWords(
  id: string,
  { rules, documentRules }: Rules,
  pageUri: (rule: string) => string | undefined,
): string | undefined {
  const rule = [...rules, ...documentRules].find((one) => one.id === id);
  const href = pageUri(id);
  return (
    rule &&
    `**${href === undefined ? id : `[${id}](${href})`}** (default severity: ${rule.severity})\n\n${rule.summary}`
  );
}
