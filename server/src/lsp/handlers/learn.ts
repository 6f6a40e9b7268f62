import { linesOfText } from '../../eval/log/join-lines.ts';
import { readLogLine } from '../../eval/log/read-line.ts';
import { parseClient } from '../../eval/trace/parse-request.ts';
import { placesIn } from '../../engine/places.ts';
import { accountsOfAddresses, accountsOfPods } from '../../features/learn/accounts.ts';
import { FlowLog, type Flow } from '../../features/learn/flows.ts';
import { learn as learnFrom } from '../../features/learn/learn.ts';
import { learnedLines } from '../../features/learn/summary.ts';
import { nameOf } from '../../sources/paths.ts';
import type { Handler } from '../handler.ts';

/** Nothing is written: the new manifests are of this file in the draft only. */
const newFile = 'learned:/learned-egress.yaml';

export const learn: Handler<'istioEgress/learn'> = (session, { uri, text, from, accounts = [] }) => {
  const otherwise = from === undefined ? undefined : parseClient({ from });
  if (from !== undefined && !otherwise)
    return { problem: `\`${from}\` is not a valid account. Write NAMESPACE or NAMESPACE/SERVICEACCOUNT.` };
  const log = new FlowLog();
  for (const { text: line } of linesOfText(text)) if (line.trim() !== '') log.add(readLogLine(line));
  if (log.read === 0)
    return {
      problem: 'There is no access-log line in this text. Lines of waypoints, gateways, sidecars and ztunnel are read.',
    };
  const workspace = session.workspaceFor(uri);
  const { mesh } = workspace;
  const known = { ofPod: accountsOfPods(mesh), ofAddress: accountsOfAddresses(accounts), otherwise };
  const host = session.texts.hostOf(workspace);
  const found = learnFrom(workspace, host, log.flows(known, mesh.settings.pathNormalization), newFile);
  const place = placesIn(workspace, session.sources);
  const lines = learnedLines(found, log, {
    place: (resource, span) => {
      const { uri: file, range } = place(resource, span);
      return `${nameOf(file)}:${range.start.line + 1}`;
    },
    askForAccount: 'run the command again to name it',
  });
  return {
    text: `${lines.map((line) => `# ${line}\n`).join('')}${found.text}`,
    changed: found.draft
      .changes()
      .filter(({ created }) => !created)
      .map(({ uri: file }) => ({
        uri: file,
        before: host.textOf(file) ?? '',
        after: found.draft.textOf(file) ?? '',
      })),
    withoutAccount: requestsOf(found.withoutAccount),
    unsolved: requestsOf(found.unsolved.map(({ flow }) => flow)),
  };
};

function requestsOf(flows: readonly Flow[]): number {
  return flows.reduce((sum, { count }) => sum + count, 0);
}
