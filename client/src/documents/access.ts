// The access table as Markdown.
import { escapeMarkdown } from '../../../server/src/base/markdown.ts';
import type { AccessResult, AccessRow } from '../../../server/src/lsp/protocol/egress.ts';
import type { Evidence } from '../../../server/src/lsp/protocol/shared.ts';
import { targetOf } from './answer.ts';

export function accessMarkdown({ rows, short, note: omitted }: AccessResult): string {
  const title = '# Access';
  if (rows.length === 0) return `${title}\n\nThese files have no ServiceEntry.\n`;
  const heads = ['From', 'Host', 'Port', 'Via', 'Access', 'Requests', 'Because of'];
  const table = [heads, heads.map(() => '---'), ...rows.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`);
  const note =
    short === true
      ? `The table is large. Rows that repeat the row of their namespace or of “all other clients” are omitted. Clients that use no waypoint have one row for all hosts.\n\n`
      : '';
  return `${title}\n\n${note}${omitted === undefined ? '' : `${omitted}\n\n`}${table.join('\n')}\n`;
}

export function clientOf(from: AccessRow['from']): string {
  if (from === '*') return 'all other clients';
  if (from.serviceAccount === null) return `other accounts in ${from.namespace}`;
  return `${from.namespace}/${from.serviceAccount}`;
}

function cellsOf({ from, host, port, via, access, operations, because }: AccessRow): readonly string[] {
  return [clientOf(from), host, port === 0 ? '*' : String(port), via, access, operations.map(operationOf).join('; ')]
    .map(escapeMarkdown)
    .concat(because.map(linkTo).join(', '));
}

export function operationOf({ methods, paths, when }: AccessRow['operations'][number]): string {
  return [methods?.join(', '), paths?.join(', '), when && when.length > 0 ? `when ${when.join(', ')}` : undefined]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

function linkTo(evidence: Evidence): string {
  const { resource, range } = evidence;
  const name = resource
    ? `${resource.kind} ${resource.namespace === '' ? '' : `${resource.namespace}/`}${resource.name}`
    : `line ${range.start.line + 1}`;
  // A preview opens a line by `L7`, and ends a link at a parenthesis.
  const target = targetOf(evidence)
    .with({ fragment: `L${range.start.line + 1}` })
    .toString()
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
  return `[${escapeMarkdown(name)}](${target})`;
}
