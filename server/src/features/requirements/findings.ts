// Requirements of a settings file that the manifests do not meet, as findings.
import type { Finding } from '../../engine/finding.ts';
import { placesIn } from '../../engine/places.ts';
import type { Sources } from '../../engine/to-source.ts';
import type { Workspace } from '../../engine/workspace.ts';
import type { Requirements } from '../../model/requirements.ts';
import { requirementRule } from '../../rules/requirements.ts';
import type { Unmet } from './place.ts';
import { unmetRequirements } from './unmet.ts';

/** Whether a settings file has `require`. */
export function hasRequirements(workspace: Workspace): boolean {
  if (workspace.settings.requirements) return true;
  for (const uri of workspace.uris) if (workspace.facts(uri).requirements?.length) return true;
  return false;
}

/**
 * Empty where no settings file has `require`. `today` as `2026-12-31`. Of single files only their hosts are judged: what leads to these, and
 * who may call them, is in files that were not read.
 */
export function unmetIn(workspace: Workspace, today: string): readonly Unmet[] {
  const { settings, mesh } = workspace;
  const judge = (requirements: Requirements) =>
    unmetRequirements(mesh, settings.isPartial ? hostsOnly(requirements) : requirements, today);
  const own = settings.requirements ? judge(settings.requirements) : [];
  return [...own, ...unmetInside(workspace, judge)];
}

/** Settings files further down add requirements for their own folders. */
function unmetInside(workspace: Workspace, judge: (requirements: Requirements) => readonly Unmet[]): readonly Unmet[] {
  const inner = new Map<string, { readonly requirements: Requirements; readonly files: Set<string> }>();
  for (const uri of workspace.uris)
    for (const requirements of workspace.facts(uri).requirements ?? []) {
      const key = JSON.stringify(requirements);
      const one = inner.get(key) ?? { requirements, files: new Set<string>() };
      inner.set(key, one);
      one.files.add(uri);
    }
  return [...inner.values()].flatMap(({ requirements, files }) =>
    judge(requirements).filter(({ resource }) => files.has(resource.uri)),
  );
}

function hostsOnly(requirements: Requirements): Requirements {
  return {
    ...requirements,
    throughGateway: false,
    encrypted: false,
    notOpenToAll: false,
    logged: false,
    callers: [],
  };
}

/** What has changed since it was found is left out. */
export function findingsOf(unmet: readonly Unmet[], workspace: Workspace, sources: Sources): readonly Finding[] {
  const place = placesIn(workspace, sources);
  return unmet.flatMap(({ statement, message, resource, span, because }): readonly Finding[] => {
    const at = workspace.documentAt(resource.document);
    if (!at) return [];
    const { uri, range } = place(resource, span);
    const { id, kind, namespace, name, document } = resource;
    return [
      {
        rule: requirementRule(statement),
        severity: 'error',
        message,
        uri,
        range,
        span: { start: at.start + span.start, end: at.start + span.end },
        document,
        resource: { id, kind, namespace, name },
        related: because,
        data: undefined,
      },
    ];
  });
}
