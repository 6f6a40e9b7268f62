/** Apart from the commands themselves, which a browser cannot load. */
export const processCommandIds = [
  'istioEgress.applyManifest',
  'istioEgress.checkEgressIsClosed',
  'istioEgress.chooseTarget',
  'istioEgress.deleteEgressGateway',
  'istioEgress.diffManifest',
  'istioEgress.followGatewayLogs',
  'istioEgress.forgetCluster',
  'istioEgress.provisionEgressGateway',
  'istioEgress.readCluster',
  'istioEgress.sendTestRequest',
  'istioEgress.showClusterMenu',
  'istioEgress.useClusterVersion',
] as const;

export type ProcessCommandId = (typeof processCommandIds)[number];
