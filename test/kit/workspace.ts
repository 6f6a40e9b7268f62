// Workspaces in memory, for tests of the engine.
import { shippedRules } from '../../server/src/engine/analyze.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { defaultSettings, type EngineSettings } from '../../server/src/engine/settings.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { Workspace } from '../../server/src/engine/workspace.ts';

/** `more` rules run beside those that are shipped. */
export function newWorkspace(
  settings: Partial<EngineSettings> = {},
  more: readonly Rule[] = [],
  recentSubjects?: number,
): Workspace {
  return new Workspace({
    ...shippedRules,
    rules: [...shippedRules.rules, ...more],
    settings: { ...defaultSettings, ...settings },
    recentSubjects,
    onRuleError: (_rule, _subject, error) => {
      throw error;
    },
  });
}

/** What a user sees of a finding: everything but the ids that differ from run to run. */
export function shown({ rule, severity, message, uri, range, resource, related }: Finding): unknown {
  return {
    rule,
    severity,
    message,
    uri,
    range,
    resource: resource && `${resource.kind} ${resource.namespace}/${resource.name}`,
    related: related.map((one) => ({ uri: one.uri, range: one.range, message: one.message })),
  };
}

/** All findings of a workspace by file, in a form that compares. */
export function allShown(workspace: Workspace): Record<string, unknown[]> {
  return Object.fromEntries([...workspace.uris].sort().map((uri) => [uri, workspace.findings(uri).map(shown)]));
}
