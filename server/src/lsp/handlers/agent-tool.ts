// A tool call of a language model, about the manifests as the editor has them.
import type { CancellationToken } from 'vscode-languageserver';
import { visibleJson, visibleText } from '../../base/visible.ts';
import { countsOf, type Counts } from '../../engine/counts.ts';
import type { Finding } from '../../engine/finding.ts';
import { placesIn, type PlacedSpan } from '../../engine/places.ts';
import { findingAtSource } from '../../engine/to-source.ts';
import { accessInSteps } from '../../eval/access/access.ts';
import { parseRequest } from '../../eval/trace/parse-request.ts';
import { trace } from '../../eval/trace/trace.ts';
import { readInput, type ToolInput } from '../../features/agent-tools/input.ts';
import { shortened } from '../../features/agent-tools/shortened.ts';
import { agentTools, type ToolName } from '../../features/agent-tools/tools.ts';
import { findingReporter, type FindingReport } from '../../features/answers/finding-report.ts';
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
  return 'text' in found ? { text: shortened(found.text) } : found;
};

type Answered = AgentToolResult | Unanswerable;

const answers: Readonly<Record<ToolName, (call: Call) => Answered | Promise<Answered>>> = {
  check: async (call) => ({ text: visibleJson(checkAnswer(await checked(call))) }),
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
      const found = yield* accessInSteps(mesh, { hosts: input.texts('hosts') });
      return { text: visibleJson(accessAnswer(found, ({ resource, span }) => place(resource, span))) };
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

async function checked({ session, input, token }: Call): Promise<CheckResult> {
  const rule = input.text('rule');
  const isAsked = (one: { readonly rule: string }) => rule === undefined || one.rule === rule;
  const folders = session.workspaces();
  const counts = folders.map(({ workspace }) => countsOf(workspace));
  const sum = (of: keyof Counts) => counts.reduce((n, one) => n + one[of], 0);
  const hidden = folders
    .flatMap(({ workspace }) => [...workspace.uris].flatMap((uri) => workspace.ignored(uri)))
    .filter(isAsked);
  const severities = hidden.filter(({ by }) => by === 'severity').length;
  const findings: FindingReport[] = [];
  const reports = folders.map((folder) => reportsIn(folder, session, isAsked));
  for (const one of reports)
    await takeInSlices(session, one, { token, take: (found) => found.forEach((each) => findings.push(each)) });
  return {
    files: sum('files'),
    resources: sum('resources'),
    istioResources: sum('istioResources'),
    findings,
    skipped: folders
      .flatMap(({ skipped }) => skipped)
      .map(({ uri, why }) => ({ file: folderPath(session.folderUris, uri), why })),
    ignored: { comments: hidden.length - severities, severities },
  };
}

/** File by file: the fixes of many findings take their time. */
function* reportsIn(
  folder: Folder,
  session: Session,
  isAsked: (finding: Finding) => boolean,
): Generator<readonly FindingReport[]> {
  const { workspace } = folder;
  const report = findingReporter({
    workspace,
    rules: session.rules,
    textOf: session.sources.textOf,
    fileOf: (uri) => folderPath(session.folderUris, uri),
  });
  for (const uri of [...workspace.uris].sort())
    yield workspace
      .findings(uri)
      .filter(isAsked)
      .flatMap((finding) => findingAtSource(finding, session.sources) ?? [])
      .map(report);
  yield session.unmet(folder).filter(isAsked).map(report);
}
