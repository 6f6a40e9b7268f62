// The setting that closes an open path to the outside, with a manifest.
import { dataplaneMode } from '../../../server/src/model/label-names.ts';
import type { PodSummary } from '../../../server/src/cluster/objects/pods.ts';

export interface Remedy {
  /** Sentences. */
  readonly text: string;
  /** YAML of the setting, where it is an object. */
  readonly manifest: string | undefined;
}

export function remedyFor({ namespace, inMesh }: Pick<PodSummary, 'namespace' | 'inMesh'>): Remedy {
  // istio@86c9f01: ztunnel has no outboundTrafficPolicy, unknown destinations pass through
  const limits = `This NetworkPolicy for namespace ${namespace} closes it: pods reach only the cluster (the waypoint, DNS and Services), nothing outside. The cluster's network plugin must enforce NetworkPolicies.`;
  const manifest = [
    'apiVersion: networking.k8s.io/v1',
    'kind: NetworkPolicy',
    'metadata:',
    '  name: inside-only',
    `  namespace: ${namespace}`,
    'spec:',
    '  podSelector: {}',
    '  policyTypes: [Egress]',
    '  egress:',
    '  - to:',
    '    - namespaceSelector: {}',
    '',
  ].join('\n');
  if (inMesh === 'sidecar') {
    return {
      text: `The pod has a sidecar: \`outboundTrafficPolicy.mode: REGISTRY_ONLY\` in the mesh settings, or in a Sidecar of namespace ${namespace}, makes the sidecar refuse hosts that no ServiceEntry lists. A program that bypasses its sidecar is not stopped by it. ${limits}`,
      manifest,
    };
  }
  const ambient =
    inMesh === 'ambient'
      ? 'The pod is in the ambient mesh, where `REGISTRY_ONLY` is not enforced: ztunnel forwards traffic to hosts that it does not know. '
      : `The cluster does not show that the mesh captures this pod's traffic. To add namespace ${namespace} to the ambient mesh, label it \`${dataplaneMode}: ambient\`; \`REGISTRY_ONLY\` is not enforced in ambient mode. `;
  return { text: `${ambient}${limits}`, manifest };
}
