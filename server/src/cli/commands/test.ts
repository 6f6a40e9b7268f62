import { visibleLine } from '../../base/visible.ts';
import { drained } from '../../base/steps.ts';
import { LineIndex } from '../../base/line-index.ts';
import { runEgressTestsInSteps } from '../../eval/run-egress-tests.ts';
import { traceJson } from '../../eval/trace/to-json.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import { UsageError, type Arguments } from '../args.ts';
import { displayPath } from '../display-path.ts';
import type { CliHost } from '../host.ts';
import { noteAnswering } from '../note-answering.ts';
import { load } from '../load.ts';
import { placer, type Placer } from '../position.ts';
import { egressTestsJunit } from '../reporters/egress-tests-junit.ts';
import type { RuleBook } from '../rule-book.ts';
import type { TestedFile } from '../tested-file.ts';
import { traceText } from './trace.ts';

/** Runs every expectation below the paths; a path that is a file of them runs that one, by the manifests of its folder. Exit code 0, 1 or 2. */
export function test(args: Arguments, host: CliHost, book: RuleBook): number {
  const named = args.paths.filter(isEgressTestName);
  const others = args.paths.filter((path) => !named.includes(path));
  const loaded = load({ ...args, paths: [...new Set([...others, ...named.map(folderOf)])] }, host, book);
  const wanted = new Set(named.map((path) => host.toUri(host.resolve(path))));
  const roots = (args.paths.length === 0 ? ['.'] : others).map(
    (path) => `${host.toUri(host.resolve(path)).replace(/\/$/, '')}/`,
  );
  const uris = [...loaded.workspace.uris]
    .filter((uri) => isEgressTestName(uri) && (wanted.has(uri) || roots.some((root) => uri.startsWith(root))))
    .sort();
  if (uris.length === 0) throw new UsageError('no *.egress-test.yaml file found');
  const { mesh } = loaded.workspace;
  const noteStep = noteAnswering(host);
  const files = uris.map((uri): TestedFile => {
    const text = loaded.textOf(uri) ?? '';
    return {
      file: displayPath(uri, host),
      lines: new LineIndex(text),
      ...drained(runEgressTestsInSteps(text, mesh), noteStep),
    };
  });
  const place = placer(loaded, host);
  for (const line of files.flatMap(problemLines)) host.stderr(`${line}\n`);
  host.stdout(report(files, args, host, place));
  if (files.some(({ problems }) => problems.length > 0)) return 2;
  return files.some(({ results }) => results.some(({ outcome }) => outcome === 'failed')) ? 1 : 0;
}

function folderOf(path: string): string {
  return path.replace(/[^/\\]*$/, '') || '.';
}

function report(files: readonly TestedFile[], args: Arguments, host: CliHost, place: Placer): string {
  switch (args.format) {
    case 'json':
      return json(files, place);
    case 'junit':
      return egressTestsJunit(files, (found) => traceText(found, place, false));
    default:
      if (args.detail === 'quiet') return failureLines(files);
      return text(files, place, args.color && host.color);
  }
}

function problemLines({ file, lines, problems }: TestedFile): readonly string[] {
  return problems.map(({ message, span }) => {
    const { line, character } = lines.positionAt(span.start);
    return visibleLine(`${file}:${line + 1}:${character + 1}: ${message}`);
  });
}

function json(files: readonly TestedFile[], place: Placer): string {
  const range = ({ lines }: TestedFile, span: { start: number; end: number }) => ({
    start: lines.positionAt(span.start),
    end: lines.positionAt(span.end),
  });
  const shown = files.map((one) => ({
    file: one.file,
    tests: one.results.map(({ name, span, outcome, message, trace }) => ({
      name,
      range: range(one, span),
      outcome,
      message,
      trace: traceJson(trace, (evidence) => place(evidence.resource, evidence.span)),
    })),
    problems: one.problems.map(({ message, span }) => ({ message, range: range(one, span) })),
  }));
  return `${JSON.stringify({ version: 1, files: shown }, null, 2)}\n`;
}

function failureLines(files: readonly TestedFile[]): string {
  return files
    .flatMap(({ file, results, lines }) =>
      results
        .filter(({ outcome }) => outcome === 'failed')
        .map(({ name, span, message }) => `${file}:${lines.positionAt(span.start).line + 1}: ${name}: ${message}`),
    )
    .map((line) => `${visibleLine(line)}\n`)
    .join('');
}

function text(files: readonly TestedFile[], place: Placer, color: boolean): string {
  const blocks = files.map(({ file, results, lines }) =>
    [
      visibleLine(file),
      ...results.flatMap(({ name, span, outcome, message, trace }) =>
        outcome === 'passed'
          ? [`  ok    ${visibleLine(name)}`]
          : [
              `  FAIL  ${visibleLine(name)} (line ${lines.positionAt(span.start).line + 1}): ${visibleLine(message)}`,
              ...traceText(trace, place, color)
                .split('\n')
                .map((line) => `          ${line}`),
            ],
      ),
    ].join('\n'),
  );
  const all = files.flatMap(({ results }) => results);
  const failed = all.filter(({ outcome }) => outcome === 'failed').length;
  const unread = files.reduce((sum, { problems }) => sum + problems.length, 0);
  return `${blocks.join('\n')}\n\n${all.length - failed} passed, ${failed} failed${unread > 0 ? `, ${unread} ${unread === 1 ? 'mistake' : 'mistakes'} in the files` : ''}.\n`;
}
