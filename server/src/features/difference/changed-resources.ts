// The resources that differ between two states of the files, whatever their formatting, comments and places.
import type { Workspace } from '../../engine/workspace.ts';
import type { AnyResource } from '../../model/resource.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import { plainObject } from '../file-objects.ts';

export interface State {
  readonly workspace: Workspace;
  readonly textOf: (uri: string) => string | undefined;
}

export interface ChangedResource {
  /** Undefined where the resource is not there before, or not any more. */
  readonly before: AnyResource | undefined;
  readonly after: AnyResource | undefined;
}

export function changedResources(before: State, after: State): readonly ChangedResource[] {
  const [was, is] = [resourcesOf(before), resourcesOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [a, b] = [was.get(key), is.get(key)];
    return a?.content === b?.content ? [] : [{ before: a?.resource, after: b?.resource }];
  });
}

interface Held {
  readonly resource: AnyResource;
  readonly content: string;
}

/** The last one of a name counts, as it does for a cluster. */
function resourcesOf({ workspace, textOf }: State): ReadonlyMap<string, Held> {
  return new Map(
    [...workspace.uris]
      .sort()
      .filter((uri) => !isClusterUri(uri))
      .flatMap((uri) => workspace.documents(uri))
      .flatMap(({ record }) => record.resources)
      .map((resource) => [
        JSON.stringify([resource.kind, resource.namespace, resource.name]),
        { resource, content: JSON.stringify(plainObject(workspace, resource, textOf)) },
      ]),
  );
}
