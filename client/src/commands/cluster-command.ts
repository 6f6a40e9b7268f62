// What all commands on a cluster do first: the workspace must be trusted and the user's programs must be there. The person is told where not.
import { findKubectl, findTools, readingRun, type ClusterAccess } from '../cluster/tools.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { mayStartProcesses } from '../ui/trust.ts';

/** Instead of an ending of its own, for whoever runs the command from code. */
type NotStarted = 'untrusted' | 'tool-missing';

export interface ClusterCommand<Ending> extends EgressCommand {
  readonly run: (egress: EgressContext, given?: unknown, more?: unknown) => Promise<Ending | NotStarted>;
}

/** `needs`: the programs that the command runs. */
export function clusterCommand<Ending>(
  id: string,
  needs: 'kubectl' | 'kubectl and istioctl',
  work: (egress: EgressContext, access: ClusterAccess, given: unknown, more: unknown) => Promise<Ending>,
): ClusterCommand<Ending> {
  return {
    id,
    async run(egress, given, more) {
      if (!mayStartProcesses(egress)) return 'untrusted';
      const tools = needs === 'kubectl' ? findKubectl(egress) : findTools(egress);
      return tools ? work(egress, { tools, run: readingRun(egress) }, given, more) : 'tool-missing';
    },
  };
}
