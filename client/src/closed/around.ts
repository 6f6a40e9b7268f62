// Finds the address that bypasses the gateway: the one that the gateway itself connects to, from its log.
import { readGatewayLogs } from '../../../server/src/cluster/logs/gateway-logs.ts';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import { explainLines } from '../logs/line-explainer.ts';
import type { Server } from '../language-server.ts';

export interface Around {
  readonly url: string;
  readonly address: string;
}

interface CheckedRequest {
  readonly context: string;
  readonly tools: Tools;
  /** A request that goes through the gateway. */
  readonly url: string;
  readonly from: string;
  readonly uri: string | null;
}

/** Undefined if the log does not show it. */
export async function findAround(
  run: Run,
  server: Server,
  { context, tools, url, from, uri }: CheckedRequest,
  signal: AbortSignal,
): Promise<Around | undefined> {
  const trace = await server.request('istioEgress/trace', {
    uri,
    url,
    from,
  });
  if (!trace || 'problem' in trace || !trace.waypoint) return undefined;
  const read = await readGatewayLogs(run, { context, tools, ...trace.waypoint }, { signal, tail: 500 });
  if (!read.ok) return undefined;
  const host = new URL(url).hostname;
  const rows = await explainLines(server, uri, read.value);
  const reached = rows
    .filter((row) => row.host.replace(/:\d+$/, '') === host)
    .map(({ explained }) => explained.fields.find(({ name }) => name === 'upstream_host')?.value ?? '-')
    .findLast((value) => value !== '-');
  return reached === undefined ? undefined : aroundOf(host, reached);
}

/** `192.0.2.10:443` as the place of the host. */
export function aroundOf(host: string, reached: string): Around | undefined {
  const [, address, port] = /^\[?([0-9a-fA-F.:]+?)\]?:(\d+)$/.exec(reached.trim()) ?? [];
  if (address === undefined || port === undefined) return undefined;
  const scheme = port === '443' ? 'https' : 'http';
  const shown = port === '443' || port === '80' ? '' : `:${port}`;
  return { url: `${scheme}://${host}${shown}/`, address };
}
