import { plural } from '../../base/plural.ts';
import { escapeMarkdown } from '../../base/markdown.ts';
import { accessLines } from '../../features/difference/access-words.ts';
import { placeText } from '../position.ts';
import { isEmpty, type Difference } from './difference.ts';
import { causeText, requestLines, worseRequests } from './words.ts';

/** Characters that a comment on GitHub may have. */
const mostCharacters = 65_536;

/** A comment for a pull request: the sums first, the details folded. Rows that do not fit are counted. */
export function differenceMarkdown(found: Difference): string {
  const sections = sectionsOf(found);
  const head = `### What this change opens and closes\n\n${summary(found)}\n`;
  for (let most = 1000; ; most = Math.floor(most / 2)) {
    const text = [
      head,
      ...sections.filter(({ rows }) => rows.length > 0).map((one) => sectionText(one, most)),
      ...limits(found),
    ].join('\n');
    if (text.length <= mostCharacters || most === 0) return text;
  }
}

interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Where rows stand for several things. */
  readonly count?: number;
}

function sectionsOf(found: Difference): readonly Section[] {
  const finding = (one: Difference['findings']['added'][number]) => [
    one.severity,
    placeText(one),
    one.message,
    one.rule,
  ];
  const findings = ['severity', 'place', 'finding', 'rule'];
  return [
    {
      title: 'Access',
      columns: ['', 'host', 'clients', 'before -> after', 'because of'],
      rows: accessLines(found.access, found.subjects).map((one) => [
        one.what,
        one.place,
        one.clients,
        one.answer,
        one.causes.map(causeText).join('; '),
      ]),
      count: found.access.length,
    },
    {
      title: 'Requests that now fail, bypass a gateway or are undetermined',
      columns: ['request', 'because of'],
      rows: requestLines(found).map(({ text, causes }) => [text, causes.map(causeText).join('; ')]),
      count: worseRequests(found).length,
    },
    {
      title: 'Expectations that no longer hold',
      columns: ['place', 'expectation', 'why'],
      rows: found.expectations.map((one) => [`${one.file}:${one.line}`, one.name, one.message]),
    },
    { title: 'New findings', columns: findings, rows: found.findings.added.map(finding) },
    { title: 'Findings fixed', columns: findings, rows: found.findings.fixed.map(finding) },
  ];
}

function summary(found: Difference): string {
  if (isEmpty(found))
    return `Access, requests and findings are the same (${plural(found.resources.length, 'resource')} changed).`;
  const count = (what: string) => found.access.filter((one) => one.what === what).length;
  const parts = [
    `**${plural(found.access.filter(({ opens }) => opens).length, 'row')} of access opened**`,
    `${count('closed')} closed`,
    `${count('changed')} changed`,
    `${plural(worseRequests(found).length, 'request')} that now fail, bypass or are undetermined`,
    `${plural(found.expectations.length, 'expectation')} broken`,
    plural(found.findings.added.length, 'new finding'),
    `${found.findings.fixed.length} fixed`,
  ];
  return `${parts.join(', ')}.`;
}

function sectionText({ title, columns, rows, count = rows.length }: Section, most: number): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, most).map((row) => line(row.map(escapeMarkdown)));
  const more = rows.length - shown.length;
  return [
    `<details${rows.length <= 10 ? ' open' : ''}><summary>${title} (${count})</summary>`,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...shown,
    ...(more > 0 ? ['', `and ${more} more`] : []),
    '',
    '</details>',
    '',
  ].join('\n');
}

function limits({ limits: sentences }: Difference): readonly string[] {
  return sentences.map((sentence) => `${sentence}\n`);
}
