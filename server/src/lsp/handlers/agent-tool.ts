// A tool call of a language model, about the manifests as the editor has them.
import type { CancellationToken } from 'vscode-languageserver';
import { visibleJson, visibleText } from '../../base/visible.ts';
import { countsOf, type Counts } from '../../engine/counts.ts';
import type { Finding } from '../../engine/finding.ts';
import { placesIn, type PlacedSpan } from '../../engine/places.ts';
import { findingAtSource } from '../../engine/to-source.ts';
import { eachInSteps } from '../../base/steps.ts';
import { accessInSteps, shownScope } from '../../eval/access/access.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { accessRowJson } from '../../eval/access/to-json.ts';
import { parseRequest } from '../../eval/trace/parse-request.ts';
import { trace } from '../../eval/trace/trace.ts';
import { readInput, type ToolInput } from '../../features/agent-tools/input.ts';
import { mostPairsForAgents, RoomForItems, shortened } from '../../features/agent-tools/shortened.ts';
import { agentTools, type ToolName } from '../../features/agent-tools/tools.ts';
import { findingJson, findingReporter, type FindingReport } from '../../features/answers/finding-report.ts';
import {
  accessAnswer,
  checkAnswer,
  explainAnswer,
  traceAnswer,
  type CheckResult,
} from '../../features/answers/json-answers.ts';
import type { Folder } from '../folder.ts';
import { folderPath } from '../folder-paths.ts';
import type { Handler } from '../handler.ts';
import { longAnswer, takeInSlices } from '../long-answer.ts';
import type { AgentToolResult } from '../protocol/agents.ts';
import type { Unanswerable } from '../protocol/shared.ts';
import type { Session } from '../session.ts';

interface Call {
  readonly session: Session;
  readonly uri: string | null;
  readonly input: ToolInput;
  readonly token: CancellationToken;
}

export const agentTool: Handler<'istioEgress/agentTool'> = async (session, { uri, tool, input: given }, token) => {
  const schema = agentTools.find(({ name }) => name === tool)?.input ?? { properties: {}, required: [] };
  const input = readInput(schema, given);
  if ('problem' in input) return input;
  const found = await answers[tool]({ session, uri, input, token });
  return 'text' in found ? { text: shortened(found.text, found.counts) } : found;
};

/** `counts`: of the lists that have only what there can be room for, how many items there are in all. */
type Answered = (AgentToolResult & { readonly counts?: Readonly<Record<string, number>> }) | Unanswerable;

const answers: Readonly<Record<ToolName, (call: Call) => Answered | Promise<Answered>>> = {
  check: async (call) => {
    const { result, counts } = await checked(call);
    return { text: visibleJson(checkAnswer(result)), counts };
  },
  trace({ session, uri, input }) {
    const request = parseRequest({
      url: input.text('url') ?? '',
      from: input.text('from') ?? '',
      method: input.text('method'),
      headers: input.pairs('headers'),
      labels: input.pairs('labels'),
      sni: input.text('sni'),
    });
    if ('problem' in request) return request;
    const { mesh, place } = placed(session, uri);
    return { text: visibleJson(traceAnswer(trace(mesh, request), ({ resource, span }) => place(resource, span))) };
  },
  access: ({ session, uri, input, token }) =>
    longAnswer(session, token, function* () {
      const { mesh, place } = placed(session, uri);
      const found = yield* accessInSteps(mesh, shownScope(input.texts('hosts'), mostPairsForAgents));
      const placeOf = ({ resource, span }: AccessRow['because'][number]) => place(resource, span);
      const shown = new RoomForItems((row: AccessRow) => accessRowJson(row, placeOf));
      yield* eachInSteps(found.rows, (row) => shown.add(() => row));
      return {
        text: visibleJson(accessAnswer({ ...found, rows: shown.items }, placeOf)),
        counts: { rows: shown.count },
      };
    }),
  explain({ session, input }) {
    const found = explainAnswer(input.text('rule'), session.rules, session.pages);
    return 'problem' in found ? found : { text: visibleText(found.text) };
  },
};

function placed(session: Session, uri: string | null) {
  const workspace = session.workspaceFor(uri);
  const placeOf = placesIn(workspace, session.sources);
  const place = (...where: Parameters<typeof placeOf>) => withFile(placeOf(...where), session);
  return { mesh: workspace.mesh, place };
}

function withFile({ uri, ...rest }: PlacedSpan, session: Session) {
  return { file: folderPath(session.folderUris, uri), ...rest };
}

async function checked({ session, input, token }: Call): Promise<{
  readonly result: CheckResult;
  readonly counts: Readonly<Record<string, number>>;
}> {
  const rule = input.text('rule');
  const isAsked = (one: { readonly rule: string }) => rule === undefined || one.rule === rule;
  const folders = session.workspaces();
  const counts = folders.map(({ workspace }) => countsOf(workspace));
  const sum = (of: keyof Counts) => counts.reduce((n, one) => n + one[of], 0);
  const hidden = folders
    .flatMap(({ workspace }) => [...workspace.uris].flatMap((uri) => workspace.ignored(uri)))
    .filter(isAsked);
  const severities = hidden.filter(({ by }) => by === 'severity').length;
  const findings = new RoomForItems<FindingReport>(findingJson);
  for (const folder of folders)
    await takeInSlices(session, reportsIn(folder, session, isAsked), { token, take: (make) => findings.add(make) });
  const skipped = folders
    .flatMap((folder) => folder.skipped)
    .map(({ uri, why }) => ({ file: folderPath(session.folderUris, uri), why }));
  return {
    result: {
      files: sum('files'),
      resources: sum('resources'),
      istioResources: sum('istioResources'),
      findings: findings.items,
      skipped,
      ignored: { comments: hidden.length - severities, severities },
    },
    counts: { findings: findings.count },
  };
}

/** One by one: the fixes of many findings take their time. */
function* reportsIn(
  folder: Folder,
  session: Session,
  isAsked: (finding: Finding) => boolean,
): Generator<() => FindingReport> {
  const { workspace } = folder;
  const report = findingReporter({
    workspace,
    rules: session.rules,
    textOf: session.sources.textOf,
    fileOf: (uri) => folderPath(session.folderUris, uri),
  });
  for (const uri of [...workspace.uris].sort())
    for (const finding of workspace.findings(uri).filter(isAsked)) {
      const placed = findingAtSource(finding, session.sources);
      if (placed) yield () => report(placed);
    }
  for (const finding of session.unmet(folder).filter(isAsked)) yield () => report(finding);
}
