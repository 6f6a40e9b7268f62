// Finds the gateway's log line of one request: by request id if the response has it, otherwise by method, host, path and time.
import type { CurlResponse } from '../../../server/src/cluster/requests/curl.ts';
import type { Row } from '../logs/log-row.ts';

export interface Sent {
  readonly url: string;
  readonly method: string;
  /** ISO 8601, by this machine's clock. */
  readonly sentAt: string;
  readonly response: CurlResponse | undefined;
}

export interface FoundLine {
  readonly row: Row;
  /** How many lines fit as well as this one but for their time. */
  readonly others: number;
}

/** A cluster's clock may be off by as much. */
const skewMs = 60_000;

export function findLine(rows: readonly Row[], sent: Sent): FoundLine | undefined {
  const ids = idsIn(sent.response);
  const byId = rows.find((row) => ids.has(field(row, 'request_id')));
  if (byId) return { row: byId, others: 0 };
  const { hostname, host, pathname, search } = new URL(sent.url);
  const isOurs = (row: Row) =>
    row.method === sent.method && (row.host === host || row.host === hostname) && row.path === `${pathname}${search}`;
  const at = Date.parse(sent.sentAt);
  const near = rows
    .filter(isOurs)
    .map((row) => ({ row, off: Math.abs(Date.parse(field(row, 'start_time')) - at) }))
    .filter(({ off }) => off <= skewMs)
    .sort((a, b) => a.off - b.off);
  return near[0] && { row: near[0].row, others: near.length - 1 };
}

/** The waypoint sends the id on; hosts that echo what they got, and some proxies, show it again. */
function idsIn(response: CurlResponse | undefined): ReadonlySet<string> {
  const header = response?.headers.find(([name]) => name.toLowerCase() === 'x-request-id')?.[1];
  const echoed = /"x-request-id":\s*"([^"]+)"/i.exec(response?.body ?? '')?.[1];
  return new Set([header, echoed].filter((id) => id !== undefined));
}

function field({ explained }: Row, name: string): string {
  return explained.fields.find((one) => one.name === name)?.value ?? '-';
}
