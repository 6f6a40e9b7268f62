// Applies a baseline file to a report, and writes one from a report.
import { LineIndex } from '../base/line-index.ts';
import { levelOf } from '../engine/settings.ts';
import { folderOf, join, relativeTo } from '../sources/paths.ts';
import { UsageError } from './args.ts';
import { UserError } from './user-error.ts';
import { baselineText, matchBaseline, readBaseline, type BaselineEntry } from './baseline.ts';
import type { CliHost } from './host.ts';
import { stdinUri } from './files-of.ts';
import type { Loaded } from './load.ts';
import type { Report, ReportedFinding } from './report.ts';

/** The report without what the baseline knows. Throws UsageError for a file that cannot be read or has mistakes. */
export function withoutKnown(
  report: Report,
  file: string,
  loaded: Loaded,
  host: CliHost,
  only: string | undefined,
): Report {
  const entries = needBaseline(file, host);
  const found = entriesOf(report.findings, file, host);
  const { known, unused } = matchBaseline(entries, found);
  const wasLookedFor = lookedFor(file, loaded, host, only);
  return {
    ...report,
    findings: report.findings.filter((_, i) => !known.has(i)),
    baseline: { file, known: known.size, stale: unused.filter(wasLookedFor) },
  };
}

export function writeBaseline(report: Report, file: string, host: CliHost): void {
  try {
    host.writeText(host.resolve(file), baselineText(entriesOf(report.findings, file, host)));
  } catch (error) {
    // The host names the whole path.
    const why = error instanceof Error ? error.message.slice(error.message.indexOf('(')) : String(error);
    throw new UserError(`--write-baseline ${file}: cannot be written ${why}`);
  }
}

function needBaseline(file: string, host: CliHost): readonly BaselineEntry[] {
  const read = host.read(host.resolve(file));
  if (!read.ok) throw new UserError(`--baseline ${file}: cannot be read (${read.reason})`);
  const { text } = read;
  const { entries, errors } = readBaseline(text);
  const [first] = errors;
  if (!first) return entries;
  const { line, character } = new LineIndex(text).positionAt(first.span.start);
  throw new UsageError(`${file}:${line + 1}:${character + 1}: ${first.message}`);
}

function entriesOf(findings: readonly ReportedFinding[], baseline: string, host: CliHost): readonly BaselineEntry[] {
  const folder = folderOf(host.resolve(baseline));
  return findings.map((finding) => ({
    rule: finding.rule,
    file: finding.file === '-' ? '-' : relativeTo(folder, host.resolve(finding.file)),
    resource: finding.resource
      ? `${finding.resource.kind} ${finding.resource.namespace ? `${finding.resource.namespace}/` : ''}${finding.resource.name}`
      : '',
    field: finding.field ?? '',
  }));
}

/** Whether this run could find the finding of an entry: a run on some files, or with one rule, does not show the others. */
function lookedFor(
  baseline: string,
  { workspace }: Loaded,
  host: CliHost,
  only: string | undefined,
): (entry: BaselineEntry) => boolean {
  const folder = folderOf(host.resolve(baseline));
  const read = new Set([...workspace.uris].map((uri) => (uri === stdinUri ? '-' : host.resolve(host.toPath(uri)))));
  return ({ rule, file }) => {
    const path = file === '-' ? file : join(folder, file);
    const facts = file === '-' ? {} : workspace.facts(host.toUri(path));
    if ((only !== undefined && only !== rule) || levelOf(workspace.settings, rule, facts) === 'off') return false;
    return read.has(path) || (path !== '-' && !host.isPresent(path));
  };
}
