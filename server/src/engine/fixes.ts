// Computes the fixes of a finding, and applies all safe fixes.
import { parseDocument } from '../yaml/parse.ts';
import type { Fix, Rule, DocumentRule } from '../rules/rule.ts';
import { applyFix, type FixHost } from './apply-fix.ts';
import type { Finding } from './finding.ts';
import type { Workspace } from './workspace.ts';
import type { Rules } from './workspace-options.ts';

/** First is preferred. Empty once the finding's document has changed. */
export function fixesFor(
  finding: Finding,
  workspace: Workspace,
  rules: Rules,
  textOf: FixHost['textOf'],
): readonly Fix[] {
  const rule = rules.rules.find(({ id }) => id === finding.rule);
  if (rule) return subjectFixes(rule, finding, workspace);
  const documentRule = rules.documentRules.find(({ id }) => id === finding.rule);
  return documentRule ? documentFixes(documentRule, finding, workspace, textOf) : [];
}

function subjectFixes(rule: Rule, finding: Finding, workspace: Workspace): readonly Fix[] {
  const subject = finding.resource && workspace.resource(finding.resource.id);
  return subject && rule.fixes ? [...rule.fixes(finding.data, subject, workspace.writtenMesh)] : [];
}

function documentFixes(
  rule: DocumentRule,
  finding: Finding,
  workspace: Workspace,
  textOf: FixHost['textOf'],
): readonly Fix[] {
  const where = workspace.documentAt(finding.document);
  const text = where && textOf(where.uri)?.slice(where.start, where.start + where.length);
  if (text === undefined || !rule.fixes) return [];
  const at = { start: finding.span.start - where!.start, end: finding.span.end - where!.start };
  return [
    ...rule.fixes(finding.data, { uri: finding.uri, document: finding.document, text, tree: parseDocument(text), at }),
  ];
}

const mostRounds = 20;

/**
 * Applies the preferred fix of each finding that has a safe one, round by round, as one fix can end or move another's
 * place. Files are changed in `workspace` by `write`; the result is what was fixed.
 */
export function fixAll(
  workspace: Workspace,
  rules: Rules,
  host: FixHost & { readonly write: (uri: string, text: string) => void },
  wanted: (finding: Finding) => boolean = () => true,
): readonly { readonly finding: Finding; readonly title: string }[] {
  const done: { finding: Finding; title: string }[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const touched = new Set<string>();
    const uris = [...workspace.uris]; // a copy: files are set meanwhile
    for (const uri of uris) {
      for (const finding of workspace.findings(uri)) {
        if (!wanted(finding)) continue;
        const fix = fixesFor(finding, workspace, rules, host.textOf).find(({ safety }) => safety === 'safe');
        const texts = fix && applyFix(fix, host);
        if (!fix || !texts || [...texts.keys()].some((file) => touched.has(file))) continue;
        for (const [file, text] of texts) {
          touched.add(file);
          host.write(file, text);
        }
        done.push({ finding, title: fix.title });
        break;
      }
    }
    if (touched.size === 0) break;
    for (const uri of touched) workspace.setFile(uri, host.textOf(uri) ?? '', workspace.facts(uri));
    workspace.refresh();
  }
  return done;
}
