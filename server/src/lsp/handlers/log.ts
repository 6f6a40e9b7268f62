import { proposalYaml } from '../../features/proposal-yaml.ts';
import { explainLogLine } from '../../eval/log/explain-line.ts';
import { placesIn } from '../../engine/places.ts';
import type { ExplainedLine, ExplainLogParams, ExplainLogResult } from '../protocol.ts';
import type { Session } from '../session.ts';

export function explainLog(session: Session, given: unknown): ExplainLogResult {
  const { uri, text } = (given ?? {}) as Partial<ExplainLogParams>;
  if (typeof text !== 'string') return { lines: [] };
  const workspace = session.workspaceFor(typeof uri === 'string' ? uri : null);
  const place = placesIn(workspace, session.sources);
  const { mesh } = workspace;
  const lines = text.split(/\r?\n/).flatMap((line): ExplainedLine[] => {
    const explained = explainLogLine(line, mesh);
    if (!explained) return [];
    const { outcome, summary, fields, links, notes, proposal } = explained;
    return [
      {
        line,
        outcome,
        summary,
        notes,
        fields: fields.map(({ name, value, meaning }) => ({ name, value, meaning })),
        links: links.map(({ resource, span, message }) => ({ ...place(resource, span), message })),
        proposal: proposal ? { title: proposal.title, yaml: proposalYaml(proposal), fill: proposal.fill } : null,
      },
    ];
  });
  return { lines };
}
