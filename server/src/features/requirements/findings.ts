// Requirements of a settings file that the manifests do not meet, as findings.
import type { Finding } from '../../engine/finding.ts';
import { placesIn } from '../../engine/places.ts';
import type { Sources } from '../../engine/to-source.ts';
import type { Workspace } from '../../engine/workspace.ts';
import type { Requirements } from '../../model/requirements.ts';
import { requirementRule } from '../../rules/requirements.ts';
import type { Unmet } from './place.ts';
import { unmetRequirementsInSteps } from './unmet.ts';

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
export function* unmetInSteps(workspace: Workspace, today: string): Generator<undefined, readonly Unmet[]> {
  const { settings, mesh } = workspace;
  const judge = (requirements: Requirements) =>
    unmetRequirementsInSteps(mesh, settings.isPartial ? hostsOnly(requirements) : requirements, today);
  const own = settings.requirements ? yield* judge(settings.requirements) : [];
  return [...own, ...(yield* unmetInside(workspace, judge))];
}

/** Settings files further down add requirements for their own folders. */
function* unmetInside(
  workspace: Workspace,
  judge: (requirements: Requirements) => Generator<undefined, readonly Unmet[]>,
): Generator<undefined, readonly Unmet[]> {
  const inner = new Map<string, { readonly requirements: Requirements; readonly files: Set<string> }>();
  for (const uri of workspace.uris)
    for (const requirements of workspace.facts(uri).requirements ?? []) {
      const key = JSON.stringify(requirements);
      const one = inner.get(key) ?? { requirements, files: new Set<string>() };
      inner.set(key, one);
      one.files.add(uri);
    }
  const found: (readonly Unmet[])[] = [];
  for (const { requirements, files } of inner.values())
    found.push((yield* judge(requirements)).filter(({ resource }) => files.has(resource.uri)));
  return found.flat();
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
