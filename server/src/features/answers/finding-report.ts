// A finding as it is reported in JSON: the same from the command line, to agents and from the editor.
import { fixesFor } from '../../engine/fixes.ts';
import type { Finding } from '../../engine/finding.ts';
import type { Workspace } from '../../engine/workspace.ts';
import type { Rules } from '../../engine/workspace-options.ts';
import type { Safety } from '../../rules/rule.ts';
import { contextOfUri } from '../../sources/cluster-files.ts';

export interface FindingReport extends Omit<Finding, 'uri' | 'related'> {
  /** As users name it. */
  readonly file: string;
  /** `cluster:CONTEXT` where no file holds what it is about. */
  readonly origin?: string;
  readonly related: readonly { readonly file: string; readonly range: Finding['range']; readonly message: string }[];
  readonly fixes: readonly { readonly title: string; readonly safety: Safety }[];
  readonly peers: readonly string[];
}

export interface FindingReportContext {
  readonly workspace: Workspace;
  readonly rules: Rules;
  readonly textOf: (uri: string) => string | undefined;
  readonly fileOf: (uri: string) => string;
}

/** The reports of many findings of a workspace. */
export function findingReporter({
  workspace,
  rules,
  textOf,
  fileOf,
}: FindingReportContext): (finding: Finding) => FindingReport {
  const peers = new Map([...rules.rules, ...rules.documentRules].map((rule) => [rule.id, rule.peers ?? []]));
  return (finding) => {
    const { uri, related, ...rest } = finding;
    const context = contextOfUri(uri);
    return {
      ...rest,
      file: fileOf(uri),
      ...(context !== undefined && { origin: `cluster:${context}` }),
      related: related.map((other) => ({ file: fileOf(other.uri), range: other.range, message: other.message })),
      // What a cluster holds, or a tool rendered, is not a text that could be edited.
      fixes:
        context !== undefined || finding.rendered !== undefined
          ? []
          : fixesFor(finding, workspace, rules, textOf).map(({ title, safety }) => ({ title, safety })),
      peers: peers.get(finding.rule) ?? [],
    };
  };
}

/** Its shape is a contract. Lines and characters are 0-based UTF-16, as in LSP. */
export function findingJson({
  rule,
  severity,
  message,
  file,
  origin,
  range,
  resource,
  related,
  fixes,
  peers,
}: FindingReport): object {
  return {
    rule,
    severity,
    message,
    file,
    range,
    resource: resource ? { kind: resource.kind, namespace: resource.namespace, name: resource.name } : null,
    related,
    fixes,
    peers,
    ...(origin !== undefined && { origin }),
  };
}
