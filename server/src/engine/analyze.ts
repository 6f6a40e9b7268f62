// One-shot analysis of files in memory, for the command line, pages and tests.
import type { AnyResource } from '../model/resource.ts';
import { rules as allRules, documentRules } from '../rules/index.gen.ts';
import type { Fix } from '../rules/rule.ts';
import { applyFix as applyFixTo, type FixHost } from './apply-fix.ts';
import type { Finding } from './finding.ts';
import { fixesFor as fixesOf } from './fixes.ts';
import { defaultSettings, type EngineSettings } from './settings.ts';
import type { FileFacts } from '../sources/file-facts.ts';
import { Workspace } from './workspace.ts';

export interface SourceFile {
  readonly uri: string;
  readonly text: string;
  readonly facts?: FileFacts;
}

export interface AnalyzeOptions {
  readonly settings?: Partial<EngineSettings>;
  /** Default: rethrows. */
  readonly onRuleError?: (rule: string, subject: AnyResource, error: unknown) => void;
}

export interface Analysis {
  readonly findings: readonly Finding[];
  readonly workspace: Workspace;
  readonly host: FixHost;
}

export const shippedRules = { rules: allRules, documentRules };

export function analyzeFiles(files: readonly SourceFile[], options: AnalyzeOptions = {}): Analysis {
  const texts = new Map(files.map(({ uri, text }) => [uri, text]));
  const workspace = new Workspace({
    ...shippedRules,
    settings: { ...defaultSettings, ...options.settings },
    onRuleError:
      options.onRuleError ??
      ((_rule, _subject, error) => {
        throw error;
      }),
  });
  for (const { uri, text, facts } of files) workspace.setFile(uri, text, facts);
  workspace.refresh();
  const host = {
    textOf: (uri: string) => texts.get(uri),
    exists: (uri: string) => texts.has(uri),
    documentAt: (document: number) => workspace.documentAt(document),
  };
  return { workspace, host, findings: files.flatMap(({ uri }) => workspace.findings(uri)) };
}

export function fixesFor(analysis: Analysis, finding: Finding): readonly Fix[] {
  return fixesOf(finding, analysis.workspace, shippedRules, analysis.host.textOf);
}

/** The texts of the touched files after the fix; undefined if it is out of date. */
export function applyFix(analysis: Analysis, fix: Fix): ReadonlyMap<string, string> | undefined {
  return applyFixTo(fix, analysis.host);
}
