// Writes the manifests of a new egress route into a draft of the workspace, file by file in the folder's habit.
import { classicGatewayNamed } from './classic-gateways.ts';
import { folderHabit } from './folder-habit.ts';
import type { Route } from './route-answers.ts';
import { RouteFiles, type RouteWriter } from './route-files.ts';
import { addClassicRoute } from './write-classic-route.ts';
import { addWaypointRoute } from './write-waypoint-route.ts';

/** What the user has to do beside it, in sentences. */
export function writeRoute(writer: RouteWriter, route: Route): readonly string[] {
  const { draft } = writer;
  const files = new RouteFiles(writer, folderHabit({ ...writer, textOf: draft.textOf }, route.gateway.namespace));
  const classic = classicGatewayNamed(draft.writtenMesh, route.gateway);
  if (classic) addClassicRoute(files, draft, route, classic);
  else addWaypointRoute(files, draft, route);
  return files.listNewFiles();
}
