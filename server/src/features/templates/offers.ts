// All that can be offered for a file: what the mesh lacks, then every template with the values that are near.
import type { Workspace } from '../../engine/workspace.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { withFreeName } from './free-name.ts';
import type { Values } from './fill.ts';
import { needsOf } from './needs/needs.ts';
import { offerOf, type Offer } from './offer.ts';
import { isOfferedFor, templates } from './templates.ts';

/** `uri` is the file that is written; undefined for one that does not exist yet. */
export function offersFor(workspace: Workspace, uri: string | undefined): readonly Offer[] {
  const { mesh } = workspace;
  const near = namespaceNear(workspace, uri);
  const values = nearValues(mesh, near);
  return [
    ...needsOf(mesh, near),
    ...templates
      .filter((template) => isOfferedFor(template, mesh.settings.istioVersion))
      .map((template) => offerOf(template, withFreeName(mesh, template, values))),
  ];
}

/** The namespace that the file is given, or of what it holds. */
function namespaceNear(workspace: Workspace, uri: string | undefined): string | undefined {
  if (uri === undefined) return undefined;
  const facts = workspace.facts(uri);
  if (facts.namespace !== undefined) return facts.namespace;
  for (const { record } of workspace.documents(uri))
    for (const { kind, name, namespace } of record.resources) {
      if (kind === 'Namespace') return name;
      if (namespace !== '') return namespace;
    }
  return facts.defaultNamespace;
}

/** Else the namespace of the first waypoint: egress is declared beside it. */
function nearValues(mesh: Mesh, near: string | undefined): Values {
  const namespace = near ?? firstWaypoint(mesh)?.namespace;
  if (namespace === undefined) return {};
  const waypoint = mesh
    .inNamespace('Gateway', namespace)
    .find((gateway) => isWaypointClass(gateway, mesh.settings) === true);
  return waypoint ? { namespace, waypoint: waypoint.name } : { namespace };
}

function firstWaypoint(mesh: Mesh): { readonly namespace: string } | undefined {
  return mesh.all('Gateway').find((gateway) => isWaypointClass(gateway, mesh.settings) === true);
}
