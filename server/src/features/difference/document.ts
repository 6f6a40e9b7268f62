// What differs in access between two states, as a document.
import { plural } from '../../base/plural.ts';
import { escapeMarkdown } from '../../base/markdown.ts';
import type { AccessChanges } from './access-changes.ts';
import { accessLines, type AccessLine } from './access-words.ts';

/** Longer tables tell nobody what to look at, and take long to be shown. */
const mostRows = 500;

/** One line for the clients, hosts and ports that change alike. */
export function accessChangesMarkdown(
  { changes, subjects, isShort }: AccessChanges,
  names: { readonly before: string; readonly after: string },
): string {
  const lines = accessLines(
    changes.map((one) => ({ ...one, causes: [] })),
    subjects,
  );
  const table = [...rows(lines.slice(0, mostRows))];
  return [
    `# Access: ${escapeMarkdown(names.before)} compared with ${escapeMarkdown(names.after)}`,
    '',
    summary(lines),
    ...(lines.length === 0 ? [] : ['', '| | Host | Clients | Before → after |', '| --- | --- | --- | --- |', ...table]),
    ...(lines.length > mostRows ? ['', `and ${lines.length - mostRows} more`] : []),
    ...(isShort
      ? ['', 'The tables are large: clients with the answer of their namespace are not listed by themselves.']
      : []),
    '',
  ].join('\n');
}

function summary(lines: readonly AccessLine<never>[]): string {
  if (lines.length === 0) return 'The same clients may send the same requests the same way.';
  const count = (what: AccessLine<never>['what']) => lines.filter((one) => one.what === what).length;
  return `**${plural(count('opened'), 'row')} opened**, ${count('closed')} closed, ${count('changed')} changed.`;
}

function rows(lines: readonly AccessLine<never>[]): readonly string[] {
  return lines.map(
    ({ what, place, clients, answer }) =>
      `| ${[what, place, clients, answer.replaceAll(' -> ', ' → ')].map(escapeMarkdown).join(' | ')} |`,
  );
}
