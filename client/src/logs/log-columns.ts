// The columns of a followed log, in their order. A new column is a new entry here.
import type { ExplainedLine } from '../../../server/src/lsp/protocol/egress.ts';
import type { Evidence } from '../../../server/src/lsp/protocol/shared.ts';

interface Column {
  readonly head: string;
  readonly value: (line: ExplainedLine) => string;
  /** The kind of resource that the value leads to. */
  readonly link?: 'ServiceEntry' | 'AuthorizationPolicy';
}

export const columns = {
  /** `09:12:03.123`, UTC as in the log. */
  time: { head: 'TIME', value: (line) => timeIn(firstOf(line, 'start_time', 'time')) },
  method: { head: 'METHOD', value: (line) => firstOf(line, 'method') },
  host: {
    head: 'HOST',
    value: (line) =>
      firstOf(line, 'authority', 'dst.service', 'requested_server_name', 'dst.hbone_addr', 'downstream_local_address'),
    link: 'ServiceEntry',
  },
  path: { head: 'PATH', value: (line) => firstOf(line, 'path') },
  status: { head: 'STATUS', value: (line) => firstOf(line, 'response_code') },
  /** `NAMESPACE/NAME` of the policy that denied the request, by the line itself or by the files. */
  policy: { head: 'POLICY', value: policyOf, link: 'AuthorizationPolicy' },
  flags: { head: 'FLAGS', value: (line) => firstOf(line, 'response_flags') },
} as const satisfies Readonly<Record<string, Column>>;

export type ColumnName = keyof typeof columns;

export const columnNames = Object.keys(columns) as readonly ColumnName[];

/** The resource that a value of the column leads to. */
export function linkOf(name: ColumnName, line: ExplainedLine, value: string): Evidence | undefined {
  const { link }: Column = columns[name];
  return link === undefined || value === '-' ? undefined : linkTo(line, link);
}

function linkTo({ links }: ExplainedLine, kind: string): Evidence | undefined {
  return links.find(({ resource }) => resource?.kind === kind);
}

/** The value of the first of these fields that the line has; `-` without any, as proxies write it. */
function firstOf({ fields }: ExplainedLine, ...names: readonly string[]): string {
  const values = names.map((name) => fields.find((field) => field.name === name)?.value ?? '-');
  return values.find((value) => value !== '-') ?? '-';
}

function timeIn(value: string): string {
  return /T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(value)?.[1] ?? value;
}

function policyOf(line: ExplainedLine): string {
  const resource = line.outcome === 'denied' ? linkTo(line, 'AuthorizationPolicy')?.resource : undefined;
  return resource ? `${resource.namespace}/${resource.name}` : '-';
}
