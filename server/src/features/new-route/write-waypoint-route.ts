// The part of a new route that goes through a waypoint.
import type { Draft } from '../../engine/draft.ts';
import { useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import type { Kind } from '../../model/kinds.ts';
import { accessLogFor } from '../../mesh/telemetry/telemetry-in-scope.ts';
import type { Route } from './route-answers.ts';
import type { RouteFiles } from './route-files.ts';
import {
  entryManifest,
  logManifest,
  policyManifest,
  ruleManifest,
  waypointManifest,
  type RouteManifest,
} from './route-manifests.ts';
import { freeName, stemOf } from './route-names.ts';
import { addSecretAccess } from './secret-access.ts';

export function addWaypointRoute(files: RouteFiles, draft: Draft, route: Route): void {
  const { namespace } = route.gateway;
  if (draft.writtenMesh.named('Gateway', namespace, route.gateway.name).length === 0)
    files.add(waypointManifest(route.gateway), route.gateway.name);
  const isLabelled = !bindsNamespace(draft, route);
  // Where other hosts are restricted, one that is open to all says so.
  const restricts = draft.writtenMesh.inNamespace('AuthorizationPolicy', namespace).length > 0;
  const entries = route.hosts.map((host) => {
    const stem = stemOf(host);
    const free = (kind: Kind) => ({ namespace, name: freeName(draft, kind, namespace, stem) });
    const entry = entryManifest(route, host, free('ServiceEntry'), isLabelled);
    files.add(entry, stem);
    for (const one of [
      ruleManifest(route, host, free('DestinationRule')),
      policyManifest(route, entry.name, free('AuthorizationPolicy'), restricts),
    ])
      if (one) files.add(one, stem);
    return entry;
  });
  addSecretAccess(files, draft, route);
  addLog(files, draft, route, entries);
}

function bindsNamespace(draft: Draft, { gateway }: Route): boolean {
  const [home] = draft.writtenMesh.named('Namespace', '', gateway.namespace);
  const of = home?.labels.get(useWaypointNamespace)?.value ?? gateway.namespace;
  return home?.labels.get(useWaypoint)?.value === gateway.name && of === gateway.namespace;
}

/** Not where the mesh's settings or a Telemetry log it already. */
function addLog(files: RouteFiles, draft: Draft, route: Route, entries: readonly RouteManifest[]): void {
  const { namespace, name } = route.gateway;
  const [gateway] = draft.writtenMesh.named('Gateway', namespace, name);
  if (!route.isLogged || !gateway) return;
  const isSilent = entries
    .flatMap((entry) => draft.writtenMesh.named('ServiceEntry', namespace, entry.name))
    .some((entry) => accessLogFor(draft.writtenMesh, entry, gateway).providers.length === 0);
  const isOn = draft.writtenMesh.settings.accessLogFile !== '';
  if (isSilent && !isOn)
    files.add(
      logManifest(route.gateway, { namespace, name: freeName(draft, 'Telemetry', namespace, `${name}-access-log`) }),
      name,
    );
}
