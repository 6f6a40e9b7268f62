import { LineIndex } from '../../base/line-index.ts';
import { runEgressTestsInSteps } from '../../eval/run-egress-tests.ts';
import { traceJson } from '../../eval/trace/to-json.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import type { RunTestsResult } from '../protocol/workspace.ts';
import { toRange } from '../to-lsp.ts';

/** Cases that cannot be read are reported as failed at their location, so that the others still run. */
export const runTests: Handler<'istioEgress/runTests'> = (session, { uri }, token) =>
  longAnswer(session, token, function* () {
    const text = session.texts.textOf(uri);
    if (text === undefined) return { problem: 'The expectations file cannot be read.' };
    const workspace = session.workspaceFor(uri);
    const place = placesIn(workspace, session.sources);
    const lines = new LineIndex(text);
    const { results, problems } = yield* runEgressTestsInSteps(text, workspace.mesh);
    const tests: RunTestsResult['tests'][number][] = [];
    for (const { name, span, outcome, message, trace } of results) {
      tests.push({
        name,
        range: toRange(span, lines),
        outcome,
        message,
        trace: traceJson(trace, (evidence) => place(evidence.resource, evidence.span)),
      });
      yield;
    }
    for (const { message, span } of problems)
      tests.push({
        name: `line ${lines.positionAt(span.start).line + 1}`,
        range: toRange(span, lines),
        outcome: 'failed',
        message,
        trace: null,
      });
    return { tests: tests.sort((a, b) => a.range.start.line - b.range.start.line) };
  });
