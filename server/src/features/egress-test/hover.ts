// What a key of a case means, and what the case's request does by the manifests as they are now.
import { contains, shift, type Span } from '../../base/span.ts';
import { requestOf, verdictWords } from '../../eval/run-egress-tests.ts';
import { trace } from '../../eval/trace/trace.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { readEgressTests } from '../../sources/egress-test.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { nodeAt, type Place } from '../../yaml/read.ts';
import { caseKeys, docOfValue, requestKeys } from './key-docs.ts';

export interface EgressTestHover {
  readonly markdown: string;
  /** In the file. */
  readonly span: Span;
}

/** Undefined where nothing is known of the place. */
export function egressTestHover(text: string, offset: number, mesh: Mesh): EgressTestHover | undefined {
  const chunk = splitDocuments(text).findLast(({ start }) => start <= offset);
  const place = chunk && nodeAt(parseDocument(chunk.text).root, offset - chunk.start);
  const words = place && wordsOf(place);
  if (!chunk || !place || words === undefined) return undefined;
  const now = place.path.includes('labels') || place.path.includes('name') ? '' : outcomeAt(text, offset, mesh);
  return {
    markdown: [words, ...(now === '' ? [] : [now])].join('\n\n---\n\n'),
    span: shift(place.node.span, chunk.start),
  };
}

function wordsOf({ path, node, onKey }: Place): string | undefined {
  const [, key, inner] = path;
  const isOwnKey = inner === undefined || key === 'labels';
  const inRequest = key === 'request' ? requestKeys.find((one) => one.key === inner) : undefined;
  const known = isOwnKey ? caseKeys.find((one) => one.key === key) : inRequest;
  if (!known) return undefined;
  const value = !onKey && node.kind === 'scalar' ? docOfValue(known.key, String(node.value)) : '';
  return `**${known.key}**${known.required ? ' (required)' : ''}\n\n${value === '' ? known.doc : `\`${String(node.kind === 'scalar' ? node.value : '')}\`: ${value}`}`;
}

function outcomeAt(text: string, offset: number, mesh: Mesh): string {
  const found = readEgressTests(text).cases.find(({ span }) => contains(span, offset));
  const request = found && requestOf(found);
  if (!request || 'problem' in request) return '';
  const { verdict, summary } = trace(mesh, request);
  return `With these manifests the request ${verdictWords[verdict]}: ${summary}`;
}
