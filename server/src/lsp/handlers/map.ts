import { egressMap, type EgressMap, type MapHost } from '../../features/egress-map.ts';
import type { Workspace } from '../../engine/workspace.ts';
import type { Resource } from '../../model/resource.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import type { Handler } from '../handler.ts';
import type { HostItem, MapSide } from '../protocol/map.ts';
import { placesIn } from '../../engine/places.ts';
import type { Evidence } from '../protocol/shared.ts';
import type { Session } from '../session.ts';

export const map: Handler<'istioEgress/map'> = (session) => {
  const { known, alone } = session.cluster;
  return {
    reading: session.isReading,
    folders: session.workspaces().map(({ uri, workspace }) => ({
      uri,
      map: sideOf(
        session,
        workspace,
        egressMap(workspace.mesh, (resource) => !isClusterUri(resource.uri)),
      ),
    })),
    cluster: known && alone ? { context: known.context, map: sideOf(session, alone, egressMap(alone.mesh)) } : null,
  };
};

type Place = (resource: Resource) => Evidence;

function sideOf(session: Session, workspace: Workspace, { gateways, past, unclear }: EgressMap): MapSide {
  const placed = placesIn(workspace, session.sources);
  const place: Place = (resource) => placed(resource, resource.at.name);
  const host = (one: MapHost) => hostItem(one, place);
  return {
    gateways: gateways.map(({ namespace, name, gateway, hosts }) => ({
      namespace,
      name,
      className: gateway?.spec.gatewayClassName?.value ?? null,
      place: gateway ? place(gateway) : null,
      hosts: hosts.map(host),
    })),
    past: past.map(host),
    unclear: unclear.map(host),
  };
}

function hostItem({ host, entry, why, ports, policies, callers }: MapHost, place: Place): HostItem {
  return {
    host,
    why,
    callers,
    place: place(entry),
    ports: ports.map(({ number, protocol, targets, tls, by }) => ({
      number,
      protocol: protocol ?? null,
      targets,
      tls,
      by: by ? place(by) : null,
    })),
    policies: policies.map(({ policy, action, dryRun }) => ({ action, dryRun, place: place(policy) })),
  };
}
