// Which logs of a cluster `learn` reads.
import { durationFault } from '../cluster/logs/all-gateway-logs.ts';
import { namespaceNameFault, waypointNameFault } from '../cluster/tools/name-faults.ts';
import type { Command } from './command-table.ts';
import { UsageError } from './user-error.ts';

export interface LogsOfCluster {
  readonly gateway: { readonly namespace: string; readonly name: string } | undefined;
  readonly since: string | undefined;
}

export function logsOf(command: Command, options: ReadonlyMap<string, string>): LogsOfCluster {
  const since = options.get('--since');
  if (command !== 'learn') return { gateway: undefined, since };
  const stray = options.has('--cluster') ? undefined : ['--gateway', '--since'].find((name) => options.has(name));
  if (stray !== undefined) throw new UsageError(`${stray} needs --cluster`);
  const fault = durationFault(since);
  if (fault !== undefined) throw new UsageError(`--since: ${fault}`);
  return { gateway: options.has('--cluster') ? gatewayOf(options.get('--gateway')) : undefined, since };
}

function gatewayOf(given: string | undefined): LogsOfCluster['gateway'] {
  if (given === undefined)
    throw new UsageError('learn --cluster needs --gateway NAMESPACE/NAME: the gateway whose logs are read');
  const [namespace = '', name = '', ...more] = given.split('/');
  const fault = more.length > 0 || name === '' ? 'write NAMESPACE/NAME' : undefined;
  const wrong = fault ?? namespaceNameFault(namespace) ?? waypointNameFault(name);
  if (wrong !== undefined) throw new UsageError(`--gateway ${given}: ${wrong}`);
  return { namespace, name };
}
