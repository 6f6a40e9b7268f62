import { LineIndex } from '../../base/line-index.ts';
import { runEgressTests } from '../../eval/run-egress-tests.ts';
import { traceJson } from '../../eval/trace/to-json.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';
import { toRange } from '../to-lsp.ts';

/** Cases that cannot be read are reported as failed at their location, so that the others still run. */
export const runTests: Handler<'istioEgress/runTests'> = (session, { uri }) => {
  const text = session.texts.textOf(uri);
  if (text === undefined) return { problem: 'The expectations file cannot be read.' };
  const workspace = session.workspaceFor(uri);
  const place = placesIn(workspace, session.sources);
  const lines = new LineIndex(text);
  const { results, problems } = runEgressTests(text, workspace.mesh);
  const tests = [
    ...results.map(({ name, span, outcome, message, trace }) => ({
      name,
      range: toRange(span, lines),
      outcome,
      message,
      trace: traceJson(trace, (evidence) => place(evidence.resource, evidence.span)),
    })),
    ...problems.map(({ message, span }) => ({
      name: `line ${lines.positionAt(span.start).line + 1}`,
      range: toRange(span, lines),
      outcome: 'failed' as const,
      message,
      trace: null,
    })),
  ];
  return { tests: tests.sort((a, b) => a.range.start.line - b.range.start.line) };
};
