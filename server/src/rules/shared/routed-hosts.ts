// The hosts to which a route of any kind leads, by the name of the cluster that Envoy looks for.
import { fullHost, serviceHost } from '../../names/hosts.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Span } from '../../base/span.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import type { AnyResource } from '../../model/resource.ts';
import type { BackendRef } from '../../model/specs.ts';
import { backendsOf, destinationsOf, isHostname, type Route } from './route-targets.ts';

export type AnyRoute = AnyResource<'VirtualService' | Route['kind']>;

export interface Target {
  /** In the normal form. */
  readonly host: string;
  readonly port: Field<number> | undefined;
  /** Of the port's number; undefined for a mirror. */
  readonly portPath?: FieldPath | undefined;
  /** Where the host is written. */
  readonly at: Span;
}

/** Destinations, backends and mirrors. istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
export function* targetsOf(route: AnyRoute, mesh: Mesh): Generator<Target> {
  const { clusterDomain } = mesh.settings;
  if (route.kind !== 'VirtualService') {
    for (const { ref, portPath } of referencesOf(route)) {
      const host = hostOfBackend(ref, route.namespace, clusterDomain);
      if (host !== undefined && ref.name) yield { host, port: ref.port, portPath, at: ref.name.span };
    }
    return;
  }
  for (const {
    destination: { host, port },
    path,
  } of destinationsOf(route)) {
    const portPath = path.length > 0 ? [...path, 'port', 'number'] : undefined;
    if (host) yield { host: fullHost(host.value, route.namespace, clusterDomain), port, portPath, at: host.span };
  }
}

/** Backends and mirrors. */
function referencesOf(route: Route): readonly { readonly ref: BackendRef; readonly portPath?: FieldPath }[] {
  const backends = backendsOf(route).map(({ ref, path }) => ({ ref, portPath: [...path, 'port'] }));
  const filters = [...route.spec.rules, ...backends.map(({ ref }) => ref)].flatMap((one) => one.filters);
  return [...backends, ...filters.flatMap(({ backendRef }) => (backendRef ? [{ ref: backendRef }] : []))];
}

function hostOfBackend(ref: BackendRef, home: string, clusterDomain: string): string | undefined {
  const name = ref.name?.value ?? '';
  if (isHostname(ref)) return fullHost(name, home, clusterDomain);
  const isService = (ref.group?.value ?? '') === '' && (ref.kind?.value ?? 'Service') === 'Service';
  return isService ? serviceHost({ name, namespace: ref.namespace?.value ?? home }, clusterDomain) : undefined;
}
