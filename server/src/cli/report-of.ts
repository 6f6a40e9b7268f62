// What a workspace's findings are for users: with files as they are named, fixes, and what hides others.
import { compareText } from '../base/compare.ts';
import { drained } from '../base/steps.ts';
import type { Finding } from '../engine/finding.ts';
import { asItIs, findingAtSource } from '../engine/to-source.ts';
import { countsOf } from '../engine/counts.ts';
import { RoomForItems } from '../features/agent-tools/shortened.ts';
import { findingJson, findingReporter, type FindingReport } from '../features/answers/finding-report.ts';
import { findingsOf, unmetInSteps } from '../features/requirements/findings.ts';
import { requirementRules } from '../rules/requirements.ts';
import type { Arguments } from './args.ts';
import { displayPath } from './display-path.ts';
import { fieldPaths } from './finding-location.ts';
import type { CliHost } from './host.ts';
import { noteAnswering } from './note-answering.ts';
import type { Loaded } from './load.ts';
import { fixProposer } from './proposed-fixes.ts';
import type { Report } from './report.ts';
import type { RuleBook } from './rule-book.ts';

export function reportOf(
  loaded: Loaded,
  { rule: only, baseline, writeBaseline: written, format }: Arguments,
  host: CliHost,
  book: RuleBook,
): Report {
  const uris = [...loaded.workspace.uris].sort();
  const findings = uris
    .flatMap((uri) => loaded.workspace.findings(uri))
    .filter(({ rule }) => only === undefined || rule === only);
  const { shown, byComments } = atSources(findings, loaded);
  const unmetThere = drained(unmetInSteps(loaded.workspace, host.today()), noteAnswering(host));
  const unmet = findingsOf(unmetThere, loaded.workspace, loaded).filter(
    ({ rule }) => only === undefined || rule === only,
  );
  const hidden = uris
    .flatMap((uri) => loaded.workspace.ignored(uri))
    .filter(({ rule }) => only === undefined || rule === only);
  const severities = hidden.filter(({ by }) => by === 'severity').length;
  const reported = findingReporter({ ...loaded, rules: book, fileOf: (uri) => displayPath(uri, host) });
  const fieldOf = (baseline ?? written) === undefined && format !== 'sarif' ? undefined : fieldPaths(loaded);
  const lineOf = format === 'text' ? linesIn(loaded) : undefined;
  const proposals = format === 'sarif' ? fixProposer(loaded, book, host) : undefined;
  return {
    ...countsOf(loaded.workspace),
    findings: madeOf(inOrder([...shown, ...unmet]), host, (finding) => ({
      ...reported(finding),
      field: fieldOf?.(finding),
      source: lineOf?.(finding),
      proposals: proposals?.(finding),
    })),
    skipped: loaded.skipped
      .filter(({ isBeside }) => isBeside !== true)
      .map(({ uri, why }) => ({ file: displayPath(uri, host), why })),
    ignored: { comments: byComments + hidden.length - severities, severities },
    rules: [
      ...book.rules,
      ...book.documentRules,
      ...requirementRules.filter(({ id }) => unmet.some(({ rule }) => rule === id)),
    ].map((rule) => ({
      ...rule,
      get page() {
        return book.pages().get(rule.id) ?? '';
      },
    })),
    version: host.version,
    homepage: host.homepage,
  };
}

/** The fixes of many findings take their time: what there is no room for is not made. */
function madeOf<Made extends FindingReport>(
  findings: readonly Finding[],
  host: CliHost,
  made: (finding: Finding) => Made,
): readonly Made[] {
  const noteStep = noteAnswering(host);
  const make = (finding: Finding) => {
    noteStep();
    return made(finding);
  };
  const { tellCounts } = host;
  if (!tellCounts) return findings.map(make);
  const shown = new RoomForItems<Made>(findingJson);
  for (const finding of findings) shown.add(() => make(finding));
  tellCounts({ findings: shown.count });
  return shown.items;
}

/** In the order of files and places as they are shown; one line of a template may have made the same finding many times. */
function atSources(
  findings: readonly Finding[],
  loaded: Loaded,
): { readonly shown: readonly Finding[]; readonly byComments: number } {
  if (loaded.toSource === asItIs) return { shown: findings, byComments: 0 };
  let byComments = 0;
  const shown = new Map<string, Finding>();
  for (const found of findings) {
    const finding = findingAtSource(found, loaded);
    if (finding) shown.set(JSON.stringify([finding.uri, finding.span, finding.rule, finding.message]), finding);
    else byComments++;
  }
  return { shown: inOrder([...shown.values()]), byComments };
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => compareText(a.uri, b.uri) || a.span.start - b.span.start);
}

/** Splits each file once. */
function linesIn({ textOf }: Loaded): (finding: Finding) => string | undefined {
  const files = new Map<string, readonly string[]>();
  return ({ uri, range }) => {
    const lines = files.get(uri) ?? (textOf(uri) ?? '').split('\n');
    files.set(uri, lines);
    return lines[range.start.line]?.replace(/\r$/, '');
  };
}
