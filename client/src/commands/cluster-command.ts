// The first checks of all cluster commands: the workspace is trusted and the user's programs exist. If not, the user gets a message.
import { findKubectl, findTools, readingRun, type ClusterAccess } from '../cluster/tools.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { mayStartProcesses } from '../ui/trust.ts';

/** The result for callers that run the command from code. */
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
