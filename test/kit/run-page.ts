// Runs one case of a page on the real engine: what it finds, and what each fix makes of it.
import { drained } from '../../server/src/base/steps.ts';
import { parse } from 'yaml';
import { analyzeFiles, applyFix, fixesFor, type Analysis } from '../../server/src/engine/analyze.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { defaultSettings, type EngineSettings } from '../../server/src/engine/settings.ts';
import { asItIs } from '../../server/src/engine/to-source.ts';
import { findingsOf, unmetInSteps } from '../../server/src/features/requirements/findings.ts';
import { readConfigFile } from '../../server/src/sources/config-file.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import { compareMarkers } from './markers.ts';
import { withLineEnd, type PageFile, type Section } from './page.ts';

type Files = ReadonlyMap<string, string>;

const home = 'file:///page/';

export interface CaseRun {
  readonly analysis: Analysis;
  readonly files: Files;
  readonly settings: EngineSettings;
}

export function runCase(section: Section): CaseRun {
  const files = new Map(filesOf(section).map(({ uri, text }) => [uri, text]));
  const settings = settingsOf(section);
  return { files, settings, analysis: analyze(files, settings) };
}

/** The case's files as the engine takes them. */
export function filesOf({ files }: Section): readonly { readonly uri: string; readonly text: string }[] {
  return files.map(({ name, text }) => ({ uri: home + name, text }));
}

/** Where findings and markers differ. */
export function compareCase(section: Section, { analysis }: CaseRun): string[] {
  return section.files.flatMap(({ name, markers }) => compareMarkers(home + name, markers, analysis.findings));
}

/** All fixes that the case's findings offer, as `safe: TITLE` or `unsafe: TITLE`. */
export function offeredFixes({ analysis }: CaseRun): string[] {
  return analysis.findings
    .flatMap((finding) => fixesFor(analysis, finding))
    .map(({ safety, title }) => `${safety}: ${title}`);
}

/** The files that the first fix of that title touches, as it leaves them; undefined if no finding offers it. */
export function fixCase({ analysis }: CaseRun, title: string): Pick<PageFile, 'name' | 'text'>[] | undefined {
  for (const finding of analysis.findings) {
    const fix = fixesFor(analysis, finding).find((offered) => offered.title === title);
    const after = fix && applyFix(analysis, fix);
    if (after) return [...after].map(([uri, text]) => ({ name: uri.slice(home.length), text: withLineEnd(text) }));
  }
  return undefined;
}

/** Each fix of each finding must end it, start none, and leave nothing for itself to do. */
export function checkFixes(run: CaseRun): string[] {
  const { analysis, files, settings } = run;
  return analysis.findings.flatMap((finding) =>
    fixesFor(analysis, finding).flatMap((fix) => {
      const after = applied(analysis, files, fix);
      if (!after) return [`"${fix.title}" cannot be applied to ${show(finding)}`];
      if (same(after, files)) return [`"${fix.title}" changes nothing for ${show(finding)}`];
      const again = analyze(after, settings);
      const before = analysis.findings.filter((other) => other !== finding).map(subject);
      const started = again.findings.filter((other) => !take(before, subject(other)));
      const ended = !again.findings.some((other) => identity(other) === identity(finding));
      return [
        ...(ended ? [] : [`"${fix.title}" does not end ${show(finding)}`]),
        ...started
          .filter((other) => identity(other) !== identity(finding))
          .map((other) => `"${fix.title}" starts ${show(other)}`),
        ...(isStale(run, after, fix) ? [] : [`"${fix.title}" can be applied twice`]),
      ];
    }),
  );
}

/** Text of a case's findings, for messages. */
export function show({ severity, rule, message, uri, range }: Finding): string {
  return `${severity}: [${rule}] "${message}" at ${uri.slice(home.length)}:${range.start.line + 1}`;
}

/** The day of pages, for exceptions of requirements. */
const today = '2026-01-01';

function analyze(files: Files, settings: EngineSettings): Analysis {
  const analysis = analyzeFiles(
    [...files].map(([uri, text]) => ({ uri, text })),
    { settings },
  );
  const { workspace, host, findings } = analysis;
  const unmet = findingsOf(drained(unmetInSteps(workspace, today)), workspace, {
    textOf: host.textOf,
    toSource: asItIs,
  });
  return { ...analysis, findings: [...findings, ...unmet] };
}

function applied(analysis: Analysis, files: Files, fix: Fix): Files | undefined {
  const changed = applyFix(analysis, fix);
  return changed && new Map([...files, ...changed]);
}

/** Once its files are as the fix left them, the same fix must be out of date. One that only adds holds on to nothing that could change. */
function isStale({ files, settings }: CaseRun, after: Files, fix: Fix): boolean {
  if (fix.changes.every(({ op }) => op === 'create-file' || op === 'append-document')) return true;
  // The same texts in the same order are numbered alike, so that the fix means this analysis too.
  const fresh = analyze(files, settings);
  for (const [uri, text] of after) if (files.get(uri) !== text) fresh.workspace.setFile(uri, text);
  return applyFix(fresh, fix) === undefined;
}

function same(a: Files, b: Files): boolean {
  return a.size === b.size && [...a].every(([uri, text]) => b.get(uri) === text);
}

function identity(finding: Finding): string {
  return `${subject(finding)} ${finding.message}`;
}

/** What a finding is about: its words may change with what else is there. */
function subject({ rule, uri, resource }: Finding): string {
  return JSON.stringify([rule, uri, resource?.kind, resource?.namespace, resource?.name]);
}

function take(list: string[], item: string): boolean {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

interface WrittenSettings extends Omit<Partial<EngineSettings>, 'mesh'> {
  readonly mesh?: Partial<EngineSettings['mesh']>;
  /** As a settings file has it. */
  readonly require?: unknown;
}

/** What the section's `settings` fence says, over the defaults. */
export function settingsOf({ settings }: Section): EngineSettings {
  const { mesh, require: _, ...rest } = (settings === undefined ? {} : parse(settings)) as WrittenSettings;
  const { requirements } = readConfigFile(settings ?? '', `${home}.istio-egress.yaml`);
  return { ...defaultSettings, ...rest, requirements, mesh: { ...defaultSettings.mesh, ...mesh } };
}
