// The canary waypoint, which gets a share of an object's traffic (since Istio 1.31).
import type { Field } from '../../model/field.ts';
import { useWaypointCanary, useWaypointCanaryNamespace, useWaypointCanaryWeight } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';
import { admits, servesServices, trafficType } from './waypoint-gateway.ts';

export type CanaryIgnored =
  /** The annotation is not a whole number from 0 to 100. */
  | 'invalid-weight'
  /** It names the waypoint that the object is bound to anyway. */
  | 'same-as-primary'
  /** As for the waypoint itself. */
  | 'missing'
  | 'attachment-denied'
  | 'traffic-type';

export type Canary =
  /** In percent of the traffic; the rest goes to the waypoint. Policies on the waypoint do not follow to it. */
  | {
      readonly state: 'weighted';
      readonly name: CanaryName;
      readonly gateway: Resource<'Gateway'>;
      readonly weight: number;
    }
  /** All traffic goes to the waypoint. */
  | {
      readonly state: 'ignored';
      readonly name: CanaryName;
      readonly reason: CanaryIgnored;
      readonly gateway: Resource<'Gateway'> | undefined;
    }
  | { readonly state: 'unknown'; readonly name: CanaryName };

interface CanaryName {
  readonly on: Resource;
  readonly field: Field<string>;
  readonly namespace: string;
  readonly name: string;
}

/**
 * The canary of an object that is bound to `primary`; `home` is its Namespace where that is what binds it, and then fills
 * in what the object itself does not say. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go buildWeightedWaypoints.
 */
export function canaryOf(
  mesh: Mesh,
  object: Resource,
  home: Resource<'Namespace'> | undefined,
  primary: Resource<'Gateway'>,
): Canary | undefined {
  if (!since(mesh.settings, '1.31')) return undefined;
  const name = nameOf(object, home);
  if (!name) return undefined;
  const ignored = (reason: CanaryIgnored, gateway?: Resource<'Gateway'>): Canary => ({
    state: 'ignored',
    name,
    reason,
    gateway,
  });
  if (name.namespace === primary.namespace && name.name === primary.name) return ignored('same-as-primary', primary);
  const weight = weightOf(
    (object.annotations.get(useWaypointCanaryWeight) ?? home?.annotations.get(useWaypointCanaryWeight))?.value,
  );
  if (weight === undefined) return ignored('invalid-weight');
  const gateways = mesh.named('Gateway', name.namespace, name.name);
  const [gateway] = gateways;
  if (!gateway) return mesh.knows('Gateway', name.namespace) ? ignored('missing') : { state: 'unknown', name };
  const verdicts = new Set(gateways.map((one) => refusalOf(mesh, object, one)));
  const [refusal] = verdicts;
  if (verdicts.size > 1 || refusal === 'unknown') return { state: 'unknown', name };
  return refusal ? ignored(refusal, gateway) : { state: 'weighted', name, gateway, weight };
}

/** istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go getUseWaypointCanary. */
function nameOf(object: Resource, home: Resource<'Namespace'> | undefined): CanaryName | undefined {
  const on = object.labels.has(useWaypointCanary) || !home ? object : home;
  const field = on.labels.get(useWaypointCanary);
  if (!field || field.value === '' || field.value === 'none') return undefined;
  return {
    on,
    field,
    namespace: on.labels.get(useWaypointCanaryNamespace)?.value ?? object.namespace,
    name: field.value,
  };
}

/** istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go getCanaryWeight: without the annotation there is no share. */
function weightOf(written: string | undefined): number | undefined {
  if (written === undefined) return 0;
  const weight = /^[+-]?\d+$/.test(written) ? Number(written) : -1;
  return weight >= 0 && weight <= 100 ? weight : undefined;
}

/** Does not check visibility. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go resolveCanaryWaypoint. */
function refusalOf(mesh: Mesh, object: Resource, gateway: Resource<'Gateway'>): CanaryIgnored | 'unknown' | undefined {
  const admitted = admits(mesh, gateway, object.namespace);
  if (admitted === undefined) return 'unknown';
  if (!admitted) return 'attachment-denied';
  const serves = servesServices(trafficType(mesh, gateway));
  if (serves === undefined) return 'unknown';
  return serves ? undefined : 'traffic-type';
}
