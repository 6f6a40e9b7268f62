import type { Target } from '../../../server/src/cluster/tools/target.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { readInto } from './read-cluster.ts';

/** After a write: whoever looks at that cluster sees it as it is now. */
export function readAgain(egress: EgressContext, { context, tools }: Pick<Target, 'context' | 'tools'>): void {
  if (egress.live.snapshot?.context === context)
    runInBackground(egress.output, 'reading the cluster again', readInto(egress, tools));
}
