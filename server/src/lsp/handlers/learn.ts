import { linesOfText } from '../../eval/log/join-lines.ts';
import { readLogLine } from '../../eval/log/read-line.ts';
import { parseClient } from '../../eval/trace/parse-request.ts';
import type { FixHost } from '../../engine/apply-fix.ts';
import { placesIn } from '../../engine/places.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { accountsOfAddresses, accountsOfPods } from '../../features/learn/accounts.ts';
import { FlowLog, type Flow } from '../../features/learn/flows.ts';
import { learnInSteps, type Learned } from '../../features/learn/learn.ts';
import { learnedLines } from '../../features/learn/summary.ts';
import { nameOf } from '../../sources/paths.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import type { RequestParams, RequestResult } from '../protocol.ts';
import type { Session } from '../session.ts';

type LearnResult = RequestResult<'istioEgress/learn'>;

/** Nothing is written: the new manifests are of this file in the draft only. */
const newFile = 'learned:/learned-egress.yaml';

export const learn: Handler<'istioEgress/learn'> = (session, params, token) =>
  longAnswer(session, token, () => learned(session, params));

function* learned(
  session: Session,
  { uri, text, from, accounts = [] }: RequestParams<'istioEgress/learn'>,
): Generator<undefined, LearnResult> {
  const otherwise = from === undefined ? undefined : parseClient({ from });
  if (from !== undefined && !otherwise)
    return { problem: `\`${from}\` is not a valid account. Write NAMESPACE or NAMESPACE/SERVICEACCOUNT.` };
  const log = new FlowLog();
  for (const { text: line } of linesOfText(text)) {
    if (line.trim() !== '') log.add(readLogLine(line));
    yield;
  }
  if (log.read === 0)
    return {
      problem: 'There is no access-log line in this text. Lines of waypoints, gateways, sidecars and ztunnel are read.',
    };
  const workspace = session.workspaceFor(uri);
  const { mesh } = workspace;
  const known = { ofPod: accountsOfPods(mesh), ofAddress: accountsOfAddresses(accounts), otherwise };
  const host = session.texts.hostOf(workspace);
  const flows = log.flows(known, mesh.settings.pathNormalization);
  return answerOf(yield* learnInSteps(workspace, host, flows, newFile), log, { session, workspace, host });
}

interface Where {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly host: FixHost;
}

function answerOf(found: Learned, log: FlowLog, { session, workspace, host }: Where): LearnResult {
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
}

function requestsOf(flows: readonly Flow[]): number {
  return flows.reduce((sum, { count }) => sum + count, 0);
}
