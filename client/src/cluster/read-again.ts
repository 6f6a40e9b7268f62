import type { Target } from '../../../server/src/cluster/tools/target.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { readInto } from './read-cluster.ts';

/** After a write, so that the view shows the new state of the cluster. */
export function readAgain(egress: EgressContext, { context, tools }: Pick<Target, 'context' | 'tools'>): void {
  if (egress.live.snapshot?.context === context)
    runInBackground(egress.output, 'reading the cluster again', readInto(egress, tools));
}
