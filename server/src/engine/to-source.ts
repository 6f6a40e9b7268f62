// Maps positions in rendered output to positions in its source files.
import { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { Finding } from './finding.ts';
import { readSuppressions, suppresses } from './suppressions.ts';

export interface SourcePlace {
  readonly uri: string;
  readonly span: Span;
  /** 1-based, in what the tool printed: where no line of a file is certainly the one. */
  readonly renderedLine?: number;
}

export type ToSource = (uri: string, span: Span) => SourcePlace;

/** The texts of files, and where the sources of rendered ones are. */
export interface Sources {
  readonly textOf: (uri: string) => string | undefined;
  readonly toSource: ToSource;
}

/** Where nothing is rendered. */
export const asItIs: ToSource = (uri, span) => ({ uri, span });

/** The finding as users can act on it; undefined if a comment at its source silences it, which not every tool carries along. */
export function findingAtSource(finding: Finding, sources: Sources): Finding | undefined {
  const related = finding.related.map((other) => (isRenderedUri(other.uri) ? placedInSource(other, sources) : other));
  if (!isRenderedUri(finding.uri)) return { ...finding, related };
  const { span: at, uri } = finding;
  const source = sources.toSource(uri, at);
  if (source.renderedLine === undefined && isSuppressed(finding.rule, source, sources.textOf)) return undefined;
  return { ...finding, ...placedInSource(finding, sources), related, rendered: { uri, span: at } };
}

type Placed = Pick<Finding, 'uri' | 'span' | 'range' | 'message'>;

function placedInSource({ uri, span, message }: Placed, { textOf, toSource }: Sources): Placed {
  const source = toSource(uri, span);
  const lines = new LineIndex(textOf(source.uri) ?? '');
  const range = { start: lines.positionAt(source.span.start), end: lines.positionAt(source.span.end) };
  return {
    uri: source.uri,
    span: source.span,
    range,
    message: source.renderedLine === undefined ? message : `Rendered line ${source.renderedLine}: ${message}`,
  };
}

function isSuppressed(rule: string, { uri, span }: SourcePlace, textOf: (uri: string) => string | undefined): boolean {
  const document = splitDocuments(textOf(uri) ?? '').findLast(({ start }) => start <= span.start);
  if (!document?.text.includes('istio-egress-ignore')) return false;
  const at = { start: span.start - document.start, end: span.end - document.start };
  return readSuppressions(document.text, parseDocument(document.text).comments).some((one) =>
    suppresses(one, rule, at),
  );
}
