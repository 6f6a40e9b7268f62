// The sums of what was learned, as comments before the manifests.
import { plural } from '../../base/plural.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Span } from '../../base/span.ts';
import { visibleLine } from '../../base/visible.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { Flow } from './flows.ts';
import type { Learned } from './learn.ts';
import { sumOf } from './rules-of-flows.ts';

export interface LineCounts {
  readonly read: number;
  readonly skipped: number;
  readonly inside: number;
  readonly dropped: number;
}

type PlaceText = (resource: Resource, span: Span) => string;

/** More lines of a kind are counted. */
const mostLines = 50;

/** `askForAccount` is where a user can name the account of clients that nothing tells. */
interface SummaryWords {
  readonly place: PlaceText;
  readonly askForAccount: string;
}

/** A line each, without the sign of a comment. */
export function learnedLines(found: Learned, counts: LineCounts, words: SummaryWords): readonly string[] {
  return [
    `${plural(counts.read, 'access-log line')} read (${counts.inside} of traffic inside the mesh), ${plural(counts.skipped, 'other line')} skipped.`,
    ...(counts.dropped > 0
      ? [`${plural(counts.dropped, 'line')} left out: the log has too many different requests.`]
      : []),
    `Already allowed by a rule: ${sumOf(found.allowedBefore)}. Allowed by this proposal: ${sumOf(found.proposed)}.`,
    ...(found.refused.length > 0 ? [`Refused or failed, and not proposed: ${sumOf(found.refused)}.`] : []),
    ...section(
      `Not proposed, because nothing tells the account of the client (${words.askForAccount}):`,
      withoutAccount(found),
    ),
    ...section('Not let through with this proposal:', unsolved(found)),
    ...section('Unlisted: passed or blocked without a ServiceEntry:', unlisted(found)),
    ...section('Unused by this log:', unused(found, words.place)),
  ].map(visibleLine);
}

function section(title: string, entries: readonly string[]): readonly string[] {
  if (entries.length === 0) return [];
  const more = entries.length - mostLines;
  return [
    title,
    ...entries.slice(0, mostLines).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function withoutAccount({ withoutAccount: flows }: Learned): readonly string[] {
  return grouped(flows, (flow) => `${placeOf(flow)} from ${flow.clientText}`);
}

function unlisted({ unlisted: flows }: Learned): readonly string[] {
  return grouped(flows, (flow) => `${placeOf(flow)} ${flow.fate} from ${flow.clientText}`);
}

function unsolved({ unsolved: list }: Learned): readonly string[] {
  const byReason = groupBy(list, ({ flow, reason }) => `${placeOf(flow)} from ${flow.clientText}: ${reason}`);
  return [...byReason].map(([words, same]) => `${words} (${sumOf(same.map(({ flow }) => flow))})`);
}

function unused({ unused: { ports, rules } }: Learned, place: PlaceText): readonly string[] {
  return [
    ...ports.map(({ entry, host, port, span }) => `${host}:${port} of ${describe(entry)}, ${place(entry, span)}`),
    ...rules.map(({ policy, rule, span }) => `rule ${rule} of ${describe(policy)}, ${place(policy, span)}`),
  ];
}

function grouped(flows: readonly Flow[], wordsOf: (flow: Flow) => string): readonly string[] {
  return [...groupBy(flows, wordsOf)].map(([words, same]) => `${words}: ${sumOf(same)}`);
}

function placeOf({ host, address, port, method, path }: Flow): string {
  const request = method === undefined ? '' : `${method} ${path ?? ''} `;
  return `${request}${host ?? address ?? ''}:${port}`;
}
