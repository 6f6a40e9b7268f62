// Read Cluster, Forget Cluster and their variants.
import type { EgressCommand } from '../extension-context.ts';
import { findKubectl } from '../cluster/tools.ts';
import { mayStartProcesses } from '../ui/trust.ts';
import { readInto, tellServer, type ReadEnding } from '../cluster/read-cluster.ts';

export const readCluster: EgressCommand = {
  id: 'istioEgress.readCluster',
  async run(egress): Promise<ReadEnding | 'untrusted' | 'tool-missing'> {
    if (!mayStartProcesses()) return 'untrusted';
    const tools = await findKubectl();
    return tools ? readInto(egress, tools) : 'tool-missing';
  },
};

export const forgetCluster: EgressCommand = {
  id: 'istioEgress.forgetCluster',
  async run(egress) {
    egress.live.forget();
    await tellServer(egress);
  },
};
