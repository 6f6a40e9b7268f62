// Hosts behind a waypoint that everybody may call, and waypoints whose traffic nothing logs.
import { policiesAt } from '../../../eval/authz/attached-policies.ts';
import { bindWaypoint } from '../../../mesh/binding/waypoint-binding.ts';
import { isWaypointClass } from '../../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe } from '../../../model/resource.ts';
import { listOf } from '../../../rules/shared/resource-lists.ts';
import { unloggedEntries } from '../../../rules/shared/unlogged-entries.ts';
import { needed, type Offer } from '../offer.ts';
import { accessLog, entryPolicy, isOfferedFor } from '../templates.ts';
import { nearestOf } from './scan.ts';

export function* missingPolicies(mesh: Mesh, near: string | undefined): Generator<Offer> {
  if (!isOfferedFor(entryPolicy, mesh.settings.istioVersion)) return;
  for (const entry of nearestOf(mesh, 'ServiceEntry', near)) {
    const binding = bindWaypoint(mesh, entry);
    if (binding.state !== 'bound' || entry.spec.hosts.length === 0) continue;
    if (policiesAt(mesh, binding.gateway, entry).length > 0) continue;
    const { namespace, name } = entry;
    // A policy of that name is there, for something else.
    const isTaken = mesh.named('AuthorizationPolicy', namespace, name).length > 0;
    yield needed({
      id: `policy ${namespace}/${name}`,
      title: `AuthorizationPolicy for ServiceEntry ${name}`,
      detail: `${describe(binding.gateway)} lets every client call ${entry.spec.hosts[0]!.value}: these files have no policy for it`,
      namespace,
      content: { template: entryPolicy, values: { namespace, entry: name, name: isTaken ? `${name}-clients` : name } },
    });
  }
}

export function* missingAccessLogs(mesh: Mesh, near: string | undefined): Generator<Offer> {
  const { settings } = mesh;
  if (settings.accessLogFile !== '' || settings.defaultAccessLogProviders.length > 0) return;
  for (const gateway of nearestOf(mesh, 'Gateway', near)) {
    if (isWaypointClass(gateway, settings) !== true || !mesh.knows('Telemetry')) continue;
    const silent = unloggedEntries(mesh, gateway);
    if (silent.length === 0) continue;
    const { namespace, name } = gateway;
    yield needed({
      id: `access-log ${namespace}/${name}`,
      title: `Telemetry: access log of waypoint ${name}`,
      detail: `No Telemetry in these files logs calls to ${listOf(silent)}`,
      namespace,
      content: { template: accessLog, values: { namespace, waypoint: name } },
    });
  }
}
