// One explained access-log line: its columns, and whether it matches a filter.
import type { ExplainedLine } from '../../../server/src/lsp/protocol/egress.ts';
import { columnNames, columns, type ColumnName } from './log-columns.ts';

export interface Row extends Readonly<Record<ColumnName, string>> {
  /** What happened, the flags in words. */
  readonly words: string;
  readonly explained: ExplainedLine;
  readonly pod: string;
}

export function rowOf(explained: ExplainedLine, pod: string): Row {
  const values = Object.fromEntries(columnNames.map((name) => [name, columns[name].value(explained)]));
  // The columns have the request already.
  return { ...(values as Record<ColumnName, string>), words: explained.result, explained, pod };
}

export interface Filter {
  /** Part of the host. */
  readonly host: string;
  /** A status, or the beginning of it: `5`, `40`, `403`. */
  readonly status: string;
  readonly deniedOnly: boolean;
}

export const everything: Filter = { host: '', status: '', deniedOnly: false };

export function passes({ host, status, explained }: Row, filter: Filter): boolean {
  return (
    (!filter.deniedOnly || explained.outcome === 'denied') &&
    host.includes(filter.host) &&
    status.startsWith(filter.status)
  );
}

/** `denied host:httpbin status:4`, in any order; undefined for words that mean nothing here. */
export function parseFilter(text: string): Filter | undefined {
  let filter = everything;
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const [, key, value = ''] = /^(?:(host|status):)?(.*)$/.exec(word) ?? [];
    if (key === undefined && value.toLowerCase() === 'denied') filter = { ...filter, deniedOnly: true };
    else if (key === 'status' || (key === undefined && /^\d{1,3}$/.test(value))) filter = { ...filter, status: value };
    else if (key === 'host' || /^[a-z0-9.*-]+$/i.test(value)) filter = { ...filter, host: value.toLowerCase() };
    else return undefined;
  }
  return filter;
}

export function filterText({ host, status, deniedOnly }: Filter): string {
  return [deniedOnly ? 'denied' : '', host === '' ? '' : `host:${host}`, status === '' ? '' : `status:${status}`]
    .filter(Boolean)
    .join(' ');
}
