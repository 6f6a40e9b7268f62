// The hover at a position: the field's documentation, the facts of the resource, then the page of each rule that reports something there.
import { contains, shift, type Span } from '../base/span.ts';
import type { FixHost } from '../engine/apply-fix.ts';
import type { Finding } from '../engine/finding.ts';
import type { Workspace } from '../engine/workspace.ts';
import { describeField } from '../schema/describe.ts';
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { asString, at, nodeAt, type Place } from '../yaml/read.ts';
import { factsOf } from './facts/facts.ts';
import { fieldText } from './facts/field-text.ts';
import { linesToMarkdown } from './facts/markdown.ts';
import { partAt } from './facts/part.ts';
import { subjectsIn } from './facts/subjects-in-file.ts';
import type { FieldPath } from '../base/field-path.ts';

export interface HoverQuestion {
  readonly workspace: Workspace;
  readonly host: FixHost;
  readonly uri: string;
  /** In the file. */
  readonly offset: number;
  /** What does not meet the settings in the file. */
  readonly unmet?: readonly Finding[];
  /** Markdown of each rule's page. */
  readonly pages: ReadonlyMap<string, string>;
  readonly pageUri: (rule: string) => string | undefined;
}

export interface HoverAnswer {
  readonly markdown: string;
  /** In the file. */
  readonly span: Span;
}

export function hoverAt(question: HoverQuestion): HoverAnswer | undefined {
  const { workspace, uri, offset, unmet = [] } = question;
  const found = [...workspace.findings(uri), ...unmet].filter(({ span }) => contains(span, offset));
  const field = fieldAt(question);
  const facts = factsAt(question);
  const parts = [
    ...(field ? [field.markdown] : []),
    ...(facts ? [facts.markdown] : []),
    ...found.map((finding) => ruleText(finding, question)),
  ];
  const span = field?.span ?? facts?.span ?? found[0]?.span;
  return parts.length > 0 && span ? { markdown: parts.join('\n\n---\n\n'), span } : undefined;
}

function fieldAt({ workspace, host, uri, offset }: HoverQuestion): HoverAnswer | undefined {
  const placed = workspace
    .documents(uri)
    .find(({ record, start }) => start <= offset && offset <= start + record.length);
  const text = host.textOf(uri);
  if (!placed || text === undefined || placed.record.recognition.state !== 'manifest') return undefined;
  const { root } = parseDocument(text.slice(placed.start, placed.start + placed.record.length));
  const place = nodeAt(root, offset - placed.start);
  const inside = place && root && objectAround(root, place);
  const description = inside && describeField(inside.apiVersion, inside.kind, inside.path);
  return description && place
    ? { markdown: fieldText(fieldName(inside.path), description), span: shift(place.node.span, placed.start) }
    : undefined;
}

/** What the mesh makes of the resource, or of its host or port, on whose line the place is. */
function factsAt({ workspace, host, uri, offset }: HoverQuestion): HoverAnswer | undefined {
  const text = host.textOf(uri);
  const subject = subjectsIn(workspace, uri).find(({ resource, place }) => contains(place(resource.at.whole), offset));
  const facts = text !== undefined && subject ? factsOf(workspace.mesh, subject.resource) : undefined;
  if (text === undefined || !subject || !facts) return undefined;
  const { place } = subject;
  const part =
    partAt(facts, (span) => contains(place(span), offset)) ??
    partAt(facts, (span) => isOnLineOf(text, place(span), offset));
  return part && part.lines.length > 0
    ? { markdown: linesToMarkdown(part.lines, host), span: place(part.span) }
    : undefined;
}

/** Beside a span, with nothing but its own line between. */
function isOnLineOf(text: string, span: Span, offset: number): boolean {
  return !/[\r\n]/.test(offset < span.start ? text.slice(offset, span.start) : text.slice(span.end, offset));
}

/** The object at a position (the item of a List, else the root), and the path in it. */
function objectAround(
  root: YamlNode,
  { path }: Place,
): { apiVersion: string; kind: string; path: FieldPath } | undefined {
  const inList = path[0] === 'items' && typeof path[1] === 'number';
  const object = (inList ? at(root, path.slice(0, 2)) : root) as YamlMap | undefined;
  const apiVersion = asString(at(object, ['apiVersion']));
  const kind = asString(at(object, ['kind']));
  return apiVersion !== undefined && kind !== undefined
    ? { apiVersion, kind, path: inList ? path.slice(2) : path }
    : undefined;
}

/** The last name of a path: items of lists have none. */
function fieldName(path: FieldPath): string {
  return String(path.findLast((step) => typeof step === 'string') ?? '');
}

/** Editors show the message above the hover themselves. */
function ruleText({ rule }: Finding, { pages, pageUri }: HoverQuestion): string {
  const href = pageUri(rule);
  const title = href === undefined ? `**${rule}**` : `**[${rule}](${href})**`;
  const why = section(pages.get(rule) ?? '', 'Why');
  return [title, ...(why === '' ? [] : [why])].join('\n\n');
}

/** The text below a `## heading` of a page. */
function section(page: string, heading: string): string {
  const lines = page.split('\n');
  const from = lines.findIndex((line) => line.trim() === `## ${heading}`);
  if (from < 0) return '';
  const rest = lines.slice(from + 1);
  const to = rest.findIndex((line) => line.startsWith('## '));
  return (to < 0 ? rest : rest.slice(0, to)).join('\n').trim();
}
