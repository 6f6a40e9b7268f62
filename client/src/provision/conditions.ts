// A Gateway's conditions as one line.
import type { Condition, GatewayState } from '../../../server/src/cluster/objects/live-gateway.ts';

export function conditionsOf(gateway: GatewayState | undefined): string {
  if (!gateway) return 'the Gateway is not in the cluster yet';
  const text = gateway.conditions.map(inWords).join(' · ');
  return text === '' ? 'no condition is reported yet' : text;
}

function inWords({ type, status, reason, current }: Condition): string {
  const why = status === 'True' || reason === '' ? '' : ` (${reason})`;
  return `${type} ${status}${current ? '' : ` (for an earlier version)`}${why}`;
}
