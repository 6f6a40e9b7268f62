// Policy tests in the Test Explorer: one item for each file and, after a run, for each expectation; a failure shows its trace.
import {
  Location,
  Range,
  TestMessage,
  TestRunProfileKind,
  tests,
  Uri,
  workspace,
  type CancellationToken,
  type Disposable,
  type TestController,
  type TestItem,
  type TestRun,
  type TestRunRequest,
} from 'vscode';
import { visibleLine, visibleText } from '../../../server/src/base/visible.ts';
import type { Evidence, Unanswerable } from '../../../server/src/lsp/protocol/shared.ts';
import type { RunTestsResult, TestResult } from '../../../server/src/lsp/protocol/workspace.ts';
import { compose } from '../documents/answer.ts';
import { outcomeLines } from '../documents/trace.ts';
import type { Server } from '../language-server.ts';

export const testFiles = '**/*.egress-test.{yaml,yml}';

export interface EgressTests extends Disposable {
  readonly controller: TestController;
  /** Runs the file's expectations in the Test Explorer; gives what the server said. */
  readonly runFile: (uri: Uri) => Promise<RunTestsResult | undefined>;
}

export function createTests(server: Server): EgressTests {
  const controller = tests.createTestController('istioEgress.tests', 'Istio Egress');
  const profile = controller.createRunProfile(
    'Run',
    TestRunProfileKind.Run,
    async (request, token) => {
      await run(controller, server, request, token);
    },
    true,
  );
  controller.resolveHandler = async (item) => {
    if (!item) await discover(controller);
  };
  controller.refreshHandler = () => discover(controller);
  const watcher = workspace.createFileSystemWatcher(testFiles);
  const watching = [
    watcher.onDidCreate((uri) => itemOf(controller, uri)),
    watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
    // What was found by an earlier text holds no longer.
    watcher.onDidChange((uri) => controller.invalidateTestResults(controller.items.get(uri.toString()))),
  ];
  return {
    controller,
    async runFile(uri) {
      const [result] = await run(
        controller,
        server,
        { include: [itemOf(controller, uri)], exclude: undefined, profile, preserveFocus: false },
        undefined,
      );
      return result;
    },
    dispose: () => [...watching, watcher, profile, controller].forEach((one) => one.dispose()),
  };
}

async function discover(controller: TestController): Promise<void> {
  const found = await workspace.findFiles(testFiles, '**/node_modules/**');
  const known = new Set(found.map(String));
  for (const [id] of controller.items) if (!known.has(id)) controller.items.delete(id);
  for (const uri of found) itemOf(controller, uri);
}

function itemOf(controller: TestController, uri: Uri): TestItem {
  const known = controller.items.get(uri.toString());
  if (known) return known;
  const item = controller.createTestItem(uri.toString(), workspace.asRelativePath(uri), uri);
  controller.items.add(item);
  return item;
}

async function run(
  controller: TestController,
  server: Server,
  request: TestRunRequest,
  token: CancellationToken | undefined,
): Promise<readonly (RunTestsResult | undefined)[]> {
  const shown = controller.createTestRun(request);
  const results: (RunTestsResult | undefined)[] = [];
  for (const [file, only] of filesOf(controller, request)) {
    if (token?.isCancellationRequested) break;
    results.push(await runFile(controller, server, shown, file, only));
  }
  shown.end();
  return results;
}

/** The files of a request, each with the expectations that are wanted of it; undefined means all. */
function filesOf(
  controller: TestController,
  { include, exclude }: TestRunRequest,
): ReadonlyMap<TestItem, ReadonlySet<string> | undefined> {
  const wanted = new Map<TestItem, Set<string> | undefined>();
  for (const item of include ?? [...controller.items].map(([, one]) => one)) {
    if (exclude?.includes(item)) continue;
    if (!item.parent) wanted.set(item, undefined);
    else if (!wanted.has(item.parent)) wanted.set(item.parent, new Set([item.id]));
    else wanted.get(item.parent)?.add(item.id);
  }
  return wanted;
}

async function runFile(
  controller: TestController,
  server: Server,
  shown: TestRun,
  file: TestItem,
  only: ReadonlySet<string> | undefined,
): Promise<RunTestsResult | undefined> {
  shown.started(file);
  const answer = await server
    .request('istioEgress/runTests', {
      uri: file.uri!.toString(),
    })
    .catch((error: unknown): Unanswerable => ({ problem: String(error) }));
  if (!answer || 'problem' in answer) {
    shown.errored(file, new TestMessage(visibleText(answer?.problem ?? 'The language server does not run.')));
    return undefined;
  }
  const children = answer.tests.map((test, i) => ({ test, item: childOf(controller, file, test, i) }));
  file.children.replace(children.map(({ item }) => item));
  for (const { test, item } of children) if (!only || only.has(item.id)) tell(shown, item, test);
  return answer;
}

/** Names may occur twice in a file; the order distinguishes them. */
function childOf(controller: TestController, file: TestItem, { name, range }: TestResult, index: number): TestItem {
  const id = `${file.id}#${index}`;
  const item = file.children.get(id) ?? controller.createTestItem(id, name, file.uri);
  item.label = visibleLine(name);
  item.range = rangeOf(range);
  return item;
}

function tell(shown: TestRun, item: TestItem, { outcome, message, trace }: TestResult): void {
  if (outcome === 'passed') return shown.passed(item);
  const text = trace ? `${message}\n\n${compose(outcomeLines(trace)).text}` : message;
  const failure = new TestMessage(visibleText(text));
  if (item.uri && item.range) failure.location = new Location(item.uri, item.range);
  shown.failed(item, failure);
}

function rangeOf({ start, end }: Evidence['range']): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
