// Computes the fixes of a finding, and applies all safe fixes.
import { newestVersion } from '../model/istio-releases.ts';
import type { Fix, Rule, DocumentRule } from '../rules/rule.ts';
import type { FixHost } from './apply-fix.ts';
import type { Finding } from './finding.ts';
import { FixRound } from './fix-round.ts';
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

interface FixedAll {
  readonly fixed: readonly Fixed[];
  /** There is still something to fix, and the rounds are used up. */
  readonly isCut: boolean;
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
): FixedAll {
  const fixed: Fixed[] = [];
  const done = new Set<string>();
  const choose = (finding: Finding) => {
    if (!wanted(finding)) return undefined;
    const fixes = fixesFor(finding, workspace, rules, host.textOf);
    const safe = fixes.find(({ safety }) => safety === 'safe');
    if (safe || !mayBeUnsafe(finding)) return safe;
    const [fix] = fixes;
    // Two that undo each other would never come to an end.
    return fix && done.has(keyOf({ finding, title: fix.title })) ? undefined : fix;
  };
  for (let number = 0; ; number++) {
    const round = new FixRound(host);
    const made: Fixed[] = [];
    for (const uri of workspace.uris)
      for (const one of fixesOf(workspace.findings(uri), rules, choose, round)) {
        made.push(one);
        done.add(keyOf(one));
      }
    const texts = round.texts();
    if (texts.size === 0 || number === mostRounds) return { fixed, isCut: texts.size > 0 };
    for (const one of made) fixed.push(one);
    for (const [uri, text] of texts) {
      host.write(uri, text);
      workspace.setFile(uri, text, workspace.facts(uri));
    }
    for (const _ of workspace.refreshing()) host.step();
    workspace.takeChanged();
  }
}

/** In a file where objects show faults by themselves, all of these; else all of what follows from no other; else the first fix of another rule. */
function* fixesOf(
  findings: readonly Finding[],
  rules: Rules,
  choose: (finding: Finding) => Fix | undefined,
  round: FixRound,
): Generator<Fixed> {
  const { local, others } = byKind(findings, rules);
  const chosen = new Map<Finding, Fix | undefined>();
  const isOfFindings = ({ rule }: Finding) => rule === 'unused-suppression';
  for (const some of [local.filter((finding) => !isOfFindings(finding)), local.filter(isOfFindings)]) {
    let isAny = false;
    for (const finding of some) {
      const fix = choose(finding);
      chosen.set(finding, fix);
      if (!fix || !round.takeLocal(fix)) continue;
      isAny = true;
      yield { finding, title: fix.title };
    }
    if (isAny) return;
  }
  for (const finding of [...local, ...others]) {
    const fix = chosen.has(finding) ? chosen.get(finding) : choose(finding);
    if (!fix || !round.takeAlone(fix)) continue;
    return yield { finding, title: fix.title };
  }
}

/** What a document shows by itself comes first: other rules may report what follows from a misspelt field. */
export function documentFirst(findings: readonly Finding[], rules: Rules): readonly Finding[] {
  const { local, others } = byKind(findings, rules);
  return [...local, ...others];
}

function byKind(findings: readonly Finding[], { documentRules }: Rules) {
  const ids = new Set(documentRules.map(({ id }) => id));
  const isLocal = ({ rule }: Finding) => ids.has(rule);
  return { local: findings.filter(isLocal), others: findings.filter((finding) => !isLocal(finding)) };
}

/** As far as it tells that a fix was made before. */
function keyOf({ finding: { rule, uri, message, range }, title }: Fixed): string {
  return JSON.stringify([title, rule, uri, message, range.start.line]);
}
