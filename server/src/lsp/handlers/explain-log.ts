import { proposalYaml } from '../../features/proposal-yaml.ts';
import { explainLogLine, type LogExplanation } from '../../eval/log/explain-line.ts';
import { linesOfText } from '../../eval/log/join-lines.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import type { ExplainedLine } from '../protocol/egress.ts';

export const explainLog: Handler<'istioEgress/explainLog'> = (session, { uri, text }, token) =>
  longAnswer(session, token, function* () {
    const workspace = session.workspaceFor(uri);
    const place = placesIn(workspace, session.sources);
    const lines: ExplainedLine[] = [];
    for (const { text: line, number } of linesOfText(text)) {
      const explained = explainLogLine(line, workspace.mesh);
      if (explained) lines.push({ line, number, ...explainedJson(explained, place) });
      yield;
    }
    return { lines };
  });

function explainedJson(
  { outcome, summary, result, fields, links, notes, proposal }: LogExplanation,
  place: ReturnType<typeof placesIn>,
): Omit<ExplainedLine, 'line' | 'number'> {
  return {
    outcome,
    summary,
    result,
    notes,
    fields: fields.map(({ name, value, meaning }) => ({ name, value, meaning })),
    links: links.map(({ resource, span, message }) => ({ ...place(resource, span), message })),
    proposal: proposal ? { title: proposal.title, yaml: proposalYaml(proposal), fill: proposal.fill } : null,
  };
}
