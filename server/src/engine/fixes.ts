// Computes the fixes of a finding, and applies all safe fixes.
import { newestVersion } from '../model/istio-releases.ts';
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
  if (!where || !rule.fixes) return [];
  const read = workspace.parsed.of(finding.document, () =>
    textOf(where.uri)?.slice(where.start, where.start + where.length),
  );
  if (!read) return [];
  const istioVersion = workspace.settings.mesh.istioVersion ?? newestVersion;
  const at = { start: finding.span.start - where.start, end: finding.span.end - where.start };
  return [
    ...rule.fixes(finding.data, {
      uri: finding.uri,
      document: finding.document,
      ...read,
      at,
      istioVersion,
    }),
  ];
}

const mostRounds = 20;

interface FixAllHost extends FixHost {
  readonly write: (uri: string, text: string) => void;
  /** Told each step of the checks between two rounds, which take the most of the time. */
  readonly step: () => void;
}

interface Fixed {
  readonly finding: Finding;
  readonly title: string;
}

/**
 * Applies a fix of each finding round by round, as one fix can end or move another's place: its first safe one, or the
 * preferred one where `mayBeUnsafe` says so. Files are changed in `workspace` by `write`; the result is what was fixed.
 */
export function fixAll(
  workspace: Workspace,
  rules: Rules,
  host: FixAllHost,
  wanted: (finding: Finding) => boolean = () => true,
  mayBeUnsafe: (finding: Finding) => boolean = () => false,
): readonly Fixed[] {
  const done: Fixed[] = [];
  const choose = (finding: Finding) => {
    if (!wanted(finding)) return undefined;
    const fixes = fixesFor(finding, workspace, rules, host.textOf);
    const safe = fixes.find(({ safety }) => safety === 'safe');
    if (safe || !mayBeUnsafe(finding)) return safe;
    const [fix] = fixes;
    // Two that undo each other would never come to an end.
    return done.some((one) => one.title === fix?.title && isSame(one.finding, finding)) ? undefined : fix;
  };
  for (let round = 0; round < mostRounds; round++) {
    const touched = new Set<string>();
    for (const uri of workspace.uris)
      done.push(...fixOne(documentFirst(workspace.findings(uri), rules), choose, host, touched));
    if (touched.size === 0) break;
    for (const uri of touched) workspace.setFile(uri, host.textOf(uri) ?? '', workspace.facts(uri));
    for (const _ of workspace.refreshing()) host.step();
    workspace.takeChanged();
  }
  return done;
}

/** What a document shows by itself comes first: other rules may report what follows from a misspelt field. */
export function documentFirst(findings: readonly Finding[], { documentRules }: Rules): readonly Finding[] {
  const isLocal = ({ rule }: Finding) => documentRules.some(({ id }) => id === rule);
  return [...findings.filter(isLocal), ...findings.filter((finding) => !isLocal(finding))];
}

/** The first that can be applied to files which are as they were when the findings were made. */
function fixOne(
  findings: readonly Finding[],
  choose: (finding: Finding) => Fix | undefined,
  host: FixAllHost,
  touched: Set<string>,
): readonly Fixed[] {
  for (const finding of findings) {
    const fix = choose(finding);
    const texts = fix && applyFix(fix, host);
    if (!fix || !texts || [...texts.keys()].some((file) => touched.has(file))) continue;
    for (const [file, text] of texts) {
      touched.add(file);
      host.write(file, text);
    }
    return [{ finding, title: fix.title }];
  }
  return [];
}

function isSame(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && a.uri === b.uri && a.message === b.message && a.range.start.line === b.range.start.line;
}
