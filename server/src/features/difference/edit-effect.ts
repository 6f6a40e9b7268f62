// What the edits of one file, since it was opened, open and close.
import type { Span } from '../../base/span.ts';
import { Draft } from '../../engine/draft.ts';
import type { FixHost } from '../../engine/apply-fix.ts';
import type { PlacedDocument } from '../../engine/placed-files.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { describe } from '../../model/resource.ts';
import { accessChangesInSteps } from './access-changes.ts';
import { effectsOf } from './effect.ts';

export interface EditEffect {
  /** Of the first resource that was edited, in the file. */
  readonly span: Span;
  readonly effects: readonly string[];
}

/** In larger workspaces the answer takes longer than typing may. */
const mostResources = 1500;

/** In steps. Undefined where the edits change no access, and where the workspace is too large to tell while typing. */
export function* editEffect(
  workspace: Workspace,
  host: FixHost,
  uri: string,
  opened: string,
): Generator<undefined, EditEffect | undefined> {
  if (host.textOf(uri) === opened || countOf(workspace) > mostResources) return undefined;
  const before = new Draft(workspace, host);
  before.setText(uri, opened);
  const span = firstEdited(before.documents(uri), workspace.documents(uri));
  if (!span) return undefined;
  const effects = effectsOf(yield* accessChangesInSteps(before.mesh, workspace.mesh));
  return effects.length === 0 ? undefined : { span, effects };
}

function countOf(workspace: Workspace): number {
  let count = 0;
  for (const uri of workspace.uris) for (const { record } of workspace.documents(uri)) count += record.resources.length;
  return count;
}

/** Where a whole resource was removed, the first one that is left stands for it, or the start of the file. */
function firstEdited(before: readonly PlacedDocument[], after: readonly PlacedDocument[]): Span | undefined {
  const known = new Set(before.flatMap(({ record }) => record.resources.map(({ id }) => id)));
  const names = new Set(before.flatMap(({ record }) => record.resources.map(describe)));
  const places = after.flatMap(({ record, start }) => record.resources.map((resource) => ({ resource, start })));
  const isLess = names.size > places.length;
  const edited = places.find(({ resource }) => !known.has(resource.id)) ?? (isLess ? places[0] : undefined);
  if (!edited) return isLess ? { start: 0, end: 0 } : undefined;
  const { apiVersion, kind } = edited.resource.at;
  const { start, end } = apiVersion.start < kind.start ? apiVersion : kind;
  return { start: edited.start + start, end: edited.start + end };
}
