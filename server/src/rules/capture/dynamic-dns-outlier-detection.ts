import type { FieldPath } from '../../base/field-path.ts';
import { couldHaveSidecars, namespacesJoining } from '../../mesh/clients/data-plane.ts';
import { crashesOf, type Crash } from '../../mesh/destination-rules/outlier-detection.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { tlsInputs } from '../shared/inputs.ts';

export const dynamicDnsOutlierDetection = defineRule({
  id: 'dynamic-dns-outlier-detection',
  stage: 'capture',
  summary: 'The `outlierDetection` of a DestinationRule for a DYNAMIC_DNS host makes istiod crash.',
  severity: 'error',
  since: '0.2.0',
  subjects: ['DestinationRule'],
  inputs: tlsInputs,

  *check(rule, mesh) {
    for (const crash of crashesOf(mesh, rule)) {
      const { setting, entry, host } = crash;
      yield {
        at: setting.at,
        message: `istiod crashes ${occasion(mesh, rule, crash)}, and again after each restart, so no proxy of the mesh gets new configuration: remove outlierDetection, which Istio cannot apply with resolution DYNAMIC_DNS.`,
        ...(isCertain(mesh, rule, crash) ? {} : { severity: 'warning' as const }),
        related: [
          { resource: entry, at: entry.spec.resolution!.span, message: `${host} has resolution DYNAMIC_DNS here.` },
        ],
        data: { path: setting.path },
      };
    }
  },

  *fixes({ path }, rule) {
    const whole = withoutRest(rule, path);
    if (whole)
      yield { title: 'Remove outlierDetection', safety: 'unsafe', changes: [{ op: 'remove', in: rule, path: whole }] };
  },
});

/** A policy with nothing else in it is refused, and goes too; of a port's settings only where those for all ports have none that would then count. */
function withoutRest({ spec }: Resource<'DestinationRule'>, path: FieldPath): FieldPath | undefined {
  const holder = path.slice(0, -1);
  const policy = path[1] === 'subsets' ? spec.subsets[Number(path[2])]?.trafficPolicy : spec.trafficPolicy;
  const isOfPort = holder.at(-2) === 'portLevelSettings';
  const one = isOfPort ? policy?.portLevelSettings[Number(holder.at(-1))] : policy;
  if (!policy || !one) return undefined;
  const isAlone = !one.tls && one.otherFields.length === 1 && (isOfPort || policy.portLevelSettings.length === 0);
  if (!isAlone) return path;
  if (!isOfPort) return holder;
  if (policy.outlierDetection) return undefined;
  return policy.portLevelSettings.length > 1 ? holder : holder.slice(0, -1);
}

function occasion(mesh: Mesh, rule: Resource<'DestinationRule'>, crash: Crash): string {
  const { at, host } = crash;
  if (at.by === 'sidecars')
    return `${isCertain(mesh, rule, crash) ? 'as' : 'once'} a sidecar or gateway gets the cluster of ${host}`;
  const reads = `when it makes the cluster of ${host} for ${describe(at.gateway)}`;
  return at.isCertain ? reads : `${reads}, if this rule was created before the others for the host`;
}

/** Hardly a mesh has no gateway, but files need not show one. */
function isCertain(mesh: Mesh, { namespace }: Resource<'DestinationRule'>, { at, entry }: Crash): boolean {
  if (at.by === 'waypoint') return at.isCertain;
  const isForAll = namespace === entry.namespace || namespace === mesh.settings.rootNamespace;
  return couldHaveSidecars(mesh, namespace) || (isForAll && namespacesJoining(mesh, 'sidecar').length > 0);
}
