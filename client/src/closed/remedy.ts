// Which setting closes a way out that was found open, and what it would be called in a manifest.
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
  const limits = `A NetworkPolicy for namespace ${namespace} that lets its pods reach the cluster only closes this: the waypoint, DNS and Services stay reachable, nothing outside does. The cluster's network plugin must enforce NetworkPolicies.`;
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
      text: `The pod has a sidecar: \`outboundTrafficPolicy.mode: REGISTRY_ONLY\` in the mesh settings, or in a Sidecar of namespace ${namespace}, makes it refuse hosts that no ServiceEntry lists. That is no boundary against a program that goes around its sidecar. ${limits}`,
      manifest,
    };
  }
  const ambient =
    inMesh === 'ambient'
      ? 'The pod is in the ambient mesh, where `REGISTRY_ONLY` is not enforced: ztunnel passes on what it does not know. '
      : `The cluster does not note that the mesh takes this pod's traffic. If namespace ${namespace} is meant to be in the ambient mesh, label it \`${dataplaneMode}: ambient\`; \`REGISTRY_ONLY\` would not be enforced there. `;
  return { text: `${ambient}${limits}`, manifest };
}
