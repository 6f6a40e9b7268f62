// Requirements of a settings file that the manifests do not meet, as findings.
import type { Finding } from '../../engine/finding.ts';
import { placesIn } from '../../engine/places.ts';
import type { Sources } from '../../engine/to-source.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { requirementRule } from '../../rules/requirements.ts';
import type { Unmet } from './place.ts';
import { unmetRequirements } from './unmet.ts';

/** Empty where no settings file has `require`. `today` as `2026-12-31`. */
export function unmetIn({ settings: { requirements }, mesh }: Workspace, today: string): readonly Unmet[] {
  return requirements ? unmetRequirements(mesh, requirements, today) : [];
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
