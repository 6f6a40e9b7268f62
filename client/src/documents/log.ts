// Explained log lines as text: each field with value and meaning, then the related manifests.
import type { ExplainedLine, ExplainLogResult } from '../../../server/src/lsp/protocol/egress.ts';
import { block, placeOf, wrapped, type Lines } from './answer.ts';

export function logLines({ lines }: ExplainLogResult): Lines {
  const brief = lines.length > 1 ? [...lines.flatMap(({ summary }) => wrapped(summary)), [], ['─'.repeat(60)], []] : [];
  return [...brief, ...lines.flatMap((line, i) => [...(i > 0 ? [[], ['─'.repeat(60)], []] : []), ...lineLines(line)])];
}

export function lineLines({ line, summary, fields, links, notes, proposal }: ExplainedLine): Lines {
  const width = Math.max(...fields.map(({ name }) => name.length), 0);
  return [
    ...wrapped(summary),
    [],
    [line],
    [],
    ...fields.flatMap(({ name, value, meaning }) => [
      [`${name.padEnd(width)}  ${value}`],
      ...(meaning === '' ? [] : wrapped(meaning).map(([text]) => [`    ${text}`])),
    ]),
    ...block(
      'In the files',
      links.map((one) => [placeOf(one), ` ${one.message ?? ''}`]),
    ),
    ...block(
      'Notes',
      notes.map((note) => [note]),
    ),
    ...(proposal
      ? block(proposal.title, [
          ...proposal.yaml
            .trimEnd()
            .split('\n')
            .map((text) => [text]),
          ...proposal.fill.map((text) => [`# ${text}`]),
        ])
      : []),
  ];
}
