// Read Cluster, Forget Cluster and their variants.
import { readInto, tellServer } from '../cluster/read-cluster.ts';
import type { EgressCommand } from '../extension-context.ts';
import { clusterCommand } from './cluster-command.ts';

export const readCluster = clusterCommand('istioEgress.readCluster', 'kubectl', (egress, { tools }) =>
  readInto(egress, tools),
);

export const forgetCluster: EgressCommand = {
  id: 'istioEgress.forgetCluster',
  async run(egress) {
    egress.live.forget();
    await tellServer(egress);
  },
};
