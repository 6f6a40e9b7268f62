// One explained line of an access log as columns.
import type { Evidence, ExplainedLine } from '../../../server/src/lsp/protocol.ts';

export interface Row {
  /** `09:12:03.123`, UTC as in the log. */
  readonly time: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: string;
  /** `NAMESPACE/NAME` of the policy that the line speaks of, by itself or by the files. */
  readonly policy: string;
  /** What happened, the flags in words. */
  readonly words: string;
  readonly explained: ExplainedLine;
  readonly pod: string;
}

export function rowOf(explained: ExplainedLine, pod: string): Row {
  const value = (name: string) => explained.fields.find((field) => field.name === name)?.value ?? '-';
  const either = (...names: readonly string[]) => names.map(value).find((one) => one !== '-') ?? '-';
  return {
    time: timeIn(either('start_time', 'time')),
    method: value('method'),
    host: either('authority', 'dst.service', 'requested_server_name', 'dst.hbone_addr', 'downstream_local_address'),
    path: value('path'),
    status: value('response_code'),
    policy: policyOf(explained),
    words: wordsOf(explained),
    explained,
    pod,
  };
}

function timeIn(value: string): string {
  return /T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(value)?.[1] ?? value;
}

function policyOf({ links, outcome }: ExplainedLine): string {
  const resource = outcome === 'denied' ? linkTo({ links }, 'AuthorizationPolicy')?.resource : undefined;
  return resource ? `${resource.namespace}/${resource.name}` : '-';
}

/** The summary says what was asked first; columns have that already. */
function wordsOf({ summary }: ExplainedLine): string {
  return summary.slice(summary.indexOf(': ') + 2);
}

export function linkTo({ links }: Pick<ExplainedLine, 'links'>, kind: string): Evidence | undefined {
  return links.find(({ resource }) => resource?.kind === kind);
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
