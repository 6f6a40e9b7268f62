import { since } from '../../mesh/settings.ts';
import { describe } from '../../model/resource.ts';
import { isAmbientNamespace } from '../intent.ts';
import { dataplaneMode } from '../names.ts';
import { defineRule } from '../rule.ts';

const annotation = 'ambient.istio.io/dns-capture';

export const dnsCaptureDisabled = defineRule({
  id: 'dns-capture-disabled',
  stage: 'capture',
  summary: 'Pods opt out of DNS capture, so hosts have no address of the mesh for them.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Pod', 'Workload'],
  inputs: ['Namespace'],

  *check(workload, mesh) {
    const field = workload.spec.annotations.get(annotation) ?? (workload.kind === 'Pod' ? workload.annotations.get(annotation) : undefined);
    const mode = workload.spec.labels.get(dataplaneMode)?.value;
    if (field?.value.toLowerCase() !== 'false' || !since(mesh.settings, '1.25') || mode === 'none') return;
    if (mode !== 'ambient' && !isAmbientNamespace(mesh, workload.namespace)) return;
    // istio@86c9f01 cni/pkg/constants/constants.go; releasenotes/notes/54935.yaml.
    yield { at: field.span, message: `Pods of ${describe(workload)} look up hosts outside the mesh, so that their calls go past every egress waypoint.`, data: {} };
  },
});
