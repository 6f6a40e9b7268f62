import type { Field } from '../../model/field.ts';
import { describe } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import { defineRule } from '../rule.ts';
import { appliedBlocks, appliedInputs, firstOfEachBlock } from './applied-blocks.ts';

export const certificatePathInWaypoint = defineRule({
  id: 'certificate-path-in-waypoint',
  stage: 'tls',
  summary: 'A certificate is named by its path, and a waypoint\'s pod has no such file.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: appliedInputs,

  *check(rule, mesh) {
    for (const { block: { tls }, waypoint } of firstOfEachBlock(appliedBlocks(mesh, rule))) {
      const path = pathsOf(tls).find(({ value }) => !isMounted(value));
      if (path) yield { at: path.span, message: `${path.value} is a path in the pods of ${describe(waypoint)}, which mount nothing there: use credentialName.`, data: {} };
    }
  },
});

function pathsOf({ clientCertificate, privateKey, caCertificates, credentialName }: ClientTls): readonly Field<string>[] {
  if (credentialName?.value) return [];
  return [clientCertificate, privateKey, caCertificates].flatMap((field) => (field && field.value !== '' && field.value !== 'system' ? [field] : []));
}

/** What the proxy's image and every pod of it have. istio@86c9f01 manifests/charts/istio-control/istio-discovery/files/waypoint.yaml. */
function isMounted(path: string): boolean {
  return /^\/(etc\/ssl|usr|var\/run\/secrets|run\/secrets|etc\/istio\/proxy)\//.test(path);
}
