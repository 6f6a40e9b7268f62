// The part of a new route that goes through a classic egress gateway, for clients with a sidecar.
import type { Draft } from '../../engine/draft.ts';
import { policiesAtPods } from '../../eval/authz/gateway-policies.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { selects } from '../../mesh/label-selector.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Kind } from '../../model/kinds.ts';
import {
  classicAllowManifest,
  classicDenyManifest,
  classicGatewayManifest,
  classicLogManifest,
  classicRouteManifest,
  mutualHopManifest,
} from './classic-manifests.ts';
import type { Route } from './route-answers.ts';
import type { RouteFiles } from './route-files.ts';
import { entryManifest, ruleManifest } from './route-manifests.ts';
import { freeName, stemOf } from './route-names.ts';
import { addSecretAccess } from './secret-access.ts';

export function addClassicRoute(files: RouteFiles, draft: Draft, route: Route, gateway: EgressGateway): void {
  const { namespace } = route.gateway;
  const { trustDomain } = draft.writtenMesh.settings;
  const isClosed = policiesAtPods(draft.writtenMesh, gateway).policies.some(
    ({ spec }) => (spec.action?.value ?? 'ALLOW') === 'ALLOW',
  );
  for (const host of route.hosts) {
    const stem = stemOf(host);
    const free = (kind: Kind, name = stem) => ({ namespace, name: freeName(draft, kind, namespace, name) });
    const entrance = free('IstioGateway');
    const parts = { host, gatewayName: entrance.name, subset: entrance.name };
    const add = (manifest: Parameters<RouteFiles['add']>[0] | undefined) => manifest && files.add(manifest, stem);
    add(entryManifest(route, host, free('ServiceEntry'), false));
    add(classicGatewayManifest(gateway, route, host, entrance));
    add(classicRouteManifest(gateway, route, parts, free('VirtualService')));
    add(mutualHopManifest(gateway, route, parts, free('DestinationRule', `${gateway.name}-${stem}`)));
    add(ruleManifest(route, host, free('DestinationRule')));
    if (isClosed) add(classicAllowManifest(gateway, host, free('AuthorizationPolicy', `${stem}-allow`)));
    add(classicDenyManifest(gateway, route, host, free('AuthorizationPolicy'), trustDomain));
  }
  addSecretAccess(files, draft, route);
  if (route.isLogged && !isLogged(draft.writtenMesh, gateway))
    files.add(
      classicLogManifest(gateway, {
        namespace,
        name: freeName(draft, 'Telemetry', namespace, `${gateway.name}-access-log`),
      }),
      gateway.name,
    );
}

function isLogged(mesh: Mesh, { namespace, labels }: EgressGateway): boolean {
  if (mesh.settings.accessLogFile !== '') return true;
  return [...new Set([mesh.settings.rootNamespace, namespace])]
    .flatMap((one) => mesh.inNamespace('Telemetry', one))
    .filter(({ spec }) => spec.targetRefs.length === 0 && selects(spec.selector?.matchLabels ?? new Map(), labels))
    .some(({ spec }) => spec.accessLogging.some(({ disabled }) => !disabled));
}
