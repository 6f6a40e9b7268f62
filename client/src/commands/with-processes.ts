// The commands that need a host which can start programs. A browser says of each that it cannot.
import type { EgressCommand } from '../extension-context.ts';
import { applyManifest, diffManifest } from './apply-manifest.ts';
import { checkEgressIsClosed } from './check-egress-is-closed.ts';
import { chooseTarget } from './choose-target.ts';
import { deleteEgressGateway } from './delete-egress-gateway.ts';
import { followGatewayLogs } from './follow-gateway-logs.ts';
import type { ProcessCommandId } from './process-command-ids.ts';
import { provisionEgressGateway } from './provision-egress-gateway.ts';
import { forgetCluster, readCluster } from './read-cluster.ts';
import { sendTestRequest } from './send-test-request.ts';
import { showClusterMenu } from './show-cluster-menu.ts';
import { useClusterVersion } from './use-cluster-version.ts';

const byId: Readonly<Record<ProcessCommandId, EgressCommand>> = {
  'istioEgress.applyManifest': applyManifest,
  'istioEgress.checkEgressIsClosed': checkEgressIsClosed,
  'istioEgress.chooseTarget': chooseTarget,
  'istioEgress.deleteEgressGateway': deleteEgressGateway,
  'istioEgress.diffManifest': diffManifest,
  'istioEgress.followGatewayLogs': followGatewayLogs,
  'istioEgress.forgetCluster': forgetCluster,
  'istioEgress.provisionEgressGateway': provisionEgressGateway,
  'istioEgress.readCluster': readCluster,
  'istioEgress.sendTestRequest': sendTestRequest,
  'istioEgress.showClusterMenu': showClusterMenu,
  'istioEgress.useClusterVersion': useClusterVersion,
};

export const commandsWithProcesses: readonly EgressCommand[] = Object.values(byId);
