import type { EgressGraph } from '../../diagram/graph.ts';
import { placesIn } from '../../engine/places.ts';
import type { Finding } from '../../engine/finding.ts';
import { findingAtSource } from '../../engine/to-source.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { egressGraphInSteps } from '../../features/egress-graph.ts';
import type { Resource } from '../../model/resource.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import type { GraphResult } from '../protocol/graph.ts';
import type { Evidence } from '../protocol/shared.ts';
import type { Session } from '../session.ts';

/** Larger tables are shortened: a picture is for reading. */
const mostDrawn = 5000;

export const graph: Handler<'istioEgress/graph'> = (session, _, token) =>
  longAnswer(session, token, function* () {
    const folders: GraphResult['folders'][number][] = [];
    for (const { uri, workspace } of session.workspaces())
      folders.push({ uri, graph: yield* graphOf(session, workspace, (resource) => !isClusterUri(resource.uri)) });
    const { known, alone } = session.cluster;
    const cluster = known && alone ? { context: known.context, graph: yield* graphOf(session, alone) } : null;
    return { reading: session.isReading, folders, cluster };
  });

function* graphOf(
  session: Session,
  workspace: Workspace,
  isShown?: (resource: Resource) => boolean,
): Generator<undefined, EgressGraph<Evidence>> {
  const place = placesIn(workspace, session.sources);
  const findings: Finding[] = [];
  for (const uri of [...workspace.uris].sort()) {
    for (const finding of workspace.findings(uri)) {
      const atSource = findingAtSource(finding, session.sources);
      if (atSource) findings.push(atSource);
    }
    yield;
  }
  return yield* egressGraphInSteps<Evidence>(workspace.mesh, {
    place: ({ resource, span }) => place(resource, span),
    findings,
    placeOfFinding: ({ uri, range, resource = null }) => ({
      uri,
      range,
      resource: resource && { kind: resource.kind, namespace: resource.namespace, name: resource.name },
    }),
    most: mostDrawn,
    ...(isShown && { isShown }),
  });
}
