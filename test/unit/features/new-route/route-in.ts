// A new route in a folder of files in memory.
import { Draft } from '../../../../server/src/engine/draft.ts';
import type { Workspace } from '../../../../server/src/engine/workspace.ts';
import { newRoute } from '../../../../server/src/features/new-route/new-route.ts';
import type { RouteAnswers } from '../../../../server/src/features/new-route/route-answers.ts';
import { newWorkspace } from '../../../kit/workspace.ts';

export const home = 'file:///folder/';

export function workspaceOf(files: ReadonlyMap<string, string>): Workspace {
  const workspace = newWorkspace();
  for (const [uri, text] of files) workspace.setFile(uri, text);
  workspace.refresh();
  return workspace;
}

export function routeIn(files: ReadonlyMap<string, string>, answers: RouteAnswers) {
  const workspace = workspaceOf(files);
  const textOf = (uri: string) => files.get(uri);
  const host = {
    textOf,
    exists: (uri: string) => files.has(uri),
    documentAt: (id: number) => workspace.documentAt(id),
  };
  return newRoute({ workspace, home, textOf, newDraft: () => new Draft(workspace, host) }, answers);
}
