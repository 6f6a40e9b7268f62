import type { EgressGraph } from '../../diagram/graph.ts';
import { placesIn } from '../../engine/places.ts';
import { findingAtSource } from '../../engine/to-source.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { egressGraph } from '../../features/egress-graph.ts';
import type { Resource } from '../../model/resource.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import type { Handler } from '../handler.ts';
import type { Evidence } from '../protocol/shared.ts';
import type { Session } from '../session.ts';

/** Larger tables are shortened: a picture is for reading. */
const mostDrawn = 5000;

export const graph: Handler<'istioEgress/graph'> = (session) => {
  const { known, alone } = session.cluster;
  return {
    reading: session.isReading,
    folders: session.workspaces().map(({ uri, workspace }) => ({
      uri,
      graph: graphOf(session, workspace, (resource) => !isClusterUri(resource.uri)),
    })),
    cluster: known && alone ? { context: known.context, graph: graphOf(session, alone) } : null,
  };
};

function graphOf(
  session: Session,
  workspace: Workspace,
  isShown?: (resource: Resource) => boolean,
): EgressGraph<Evidence> {
  const place = placesIn(workspace, session.sources);
  return egressGraph<Evidence>(workspace.mesh, {
    place: ({ resource, span }) => place(resource, span),
    findings: [...workspace.uris]
      .sort()
      .flatMap((uri) => workspace.findings(uri).flatMap((finding) => findingAtSource(finding, session.sources) ?? [])),
    placeOfFinding: ({ uri, range, resource = null }) => ({
      uri,
      range,
      resource: resource && { kind: resource.kind, namespace: resource.namespace, name: resource.name },
    }),
    most: mostDrawn,
    ...(isShown && { isShown }),
  });
}
