// Gets from the server what changes when a waypoint is added or removed.
import type { WaypointImpactParams, WaypointImpactResult } from '../../../server/src/lsp/protocol/egress.ts';
import type { EgressContext } from '../extension-context.ts';
import { withStatus } from '../ui/progress.ts';
import { workPlace } from '../documents/work-place.ts';

/** Undefined if the server has no answer: the plan then says that this is unknown. */
export async function askImpact(
  { server, output }: EgressContext,
  change: Omit<WaypointImpactParams, 'uri'>,
): Promise<WaypointImpactResult | undefined> {
  const uri = workPlace()?.uri ?? null;
  try {
    const answer = await withStatus(
      'Reading what changes',
      server.request('istioEgress/waypointImpact', { uri, ...change }),
    );
    return answer && !('problem' in answer) ? answer : undefined;
  } catch (error) {
    output.error(`istioEgress/waypointImpact: ${String(error)}`);
    return undefined;
  }
}
