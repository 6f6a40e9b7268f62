// Read, read again, forget: the cluster as a source of its own.
import type { EgressCommand } from '../context.ts';
import { findKubectl } from '../provision/tools.ts';
import { mayStartProcesses } from '../provision/trust.ts';
import { readInto, tellServer, type ReadEnding } from './read-cluster.ts';

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
