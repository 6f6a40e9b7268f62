import { proposalYaml } from '../../features/proposal-yaml.ts';
import { explainLogLine } from '../../eval/log/explain-line.ts';
import { linesOfText } from '../../eval/log/join-lines.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';
import type { ExplainedLine } from '../protocol/egress.ts';

export const explainLog: Handler<'istioEgress/explainLog'> = (session, { uri, text }) => {
  const workspace = session.workspaceFor(uri);
  const place = placesIn(workspace, session.sources);
  const { mesh } = workspace;
  const lines = linesOfText(text).flatMap(({ text: line, number }): ExplainedLine[] => {
    const explained = explainLogLine(line, mesh);
    if (!explained) return [];
    const { outcome, summary, result, fields, links, notes, proposal } = explained;
    return [
      {
        line,
        number,
        outcome,
        summary,
        result,
        notes,
        fields: fields.map(({ name, value, meaning }) => ({ name, value, meaning })),
        links: links.map(({ resource, span, message }) => ({ ...place(resource, span), message })),
        proposal: proposal ? { title: proposal.title, yaml: proposalYaml(proposal), fill: proposal.fill } : null,
      },
    ];
  });
  return { lines };
};
