// One shape of one size in a process of its own: a line of JSON for each answer, as soon as it is there.
// `node measure.ts SHAPE RESOURCES [ANSWER THAT IS LEFT OUT...]`; ../shapes.ts starts it.
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { Workspace } from '../../../server/src/engine/workspace.ts';
import { access } from '../../../server/src/eval/access/access.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { lensesIn, lensTitle } from '../../../server/src/features/code-lens.ts';
import { egressMap } from '../../../server/src/features/egress-map.ts';
import type { Shape } from './shape.ts';
import { shapes } from './shapes.ts';

const [name = '', resources = '1000', ...without] = process.argv.slice(2);
const edits = 60;
/** The first ones are the compiler's. */
const warmUp = 20;

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Of the thread that answers, which typing waits for: garbage is partly collected by others. */
const threadMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

function tell(answer: string, ms: number): void {
  process.stdout.write(`${JSON.stringify({ answer, ms: Math.round(ms * 10) / 10 })}\n`);
}

function timed(answer: string, work: () => unknown): void {
  if (without.includes(answer)) return;
  const before = cpuMs();
  work();
  tell(answer, cpuMs() - before);
}

function measure(shape: Shape, resources: number): void {
  const workspace = new Workspace({
    ...shippedRules,
    settings: defaultSettings,
    onRuleError: (_rule, _subject, error) => {
      throw error;
    },
  });
  const files = shape.files(resources);
  const first = shape.edit(resources, 0).uri;
  timed('check', () => {
    for (const { uri, text } of files) workspace.setFile(uri, text);
    workspace.refresh();
    for (const uri of workspace.uris) workspace.findings(uri);
  });
  const request = parseRequest(shape.request);
  if ('problem' in request) throw new Error(request.problem);
  timed('trace', () => trace(workspace.mesh, request));
  timed('map', () => egressMap(workspace.mesh, (resource) => resource.uri));
  timed('lens', () =>
    lensesIn(workspace, first)
      .slice(0, 10)
      .forEach(({ subject }) => lensTitle(workspace, first, subject)),
  );
  if (!without.includes('edit')) measureEdits(workspace, shape, resources);
  timed('access', () => access(workspace.mesh));
}

/** The whole work after each edit, and its longest step: between two steps, an editor takes the next letter. */
function measureEdits(workspace: Workspace, shape: Shape, resources: number): void {
  const [whole, longest]: [number[], number[]] = [[], []];
  for (let i = 0; i < edits; i++) {
    const { uri, text } = shape.edit(resources, i);
    const start = cpuMs();
    const begun = threadMs();
    workspace.setFile(uri, text);
    let last = threadMs();
    let most = last - begun;
    for (const _ of workspace.refreshing(uri)) {
      const now = threadMs();
      most = Math.max(most, now - last);
      last = now;
    }
    workspace.takeChanged();
    workspace.findings(uri);
    whole.push(cpuMs() - start);
    longest.push(most);
    if (whole.reduce((sum, ms) => sum + ms, 0) > 8_000) break;
  }
  const late = (list: readonly number[]) => list.slice(Math.min(warmUp, list.length >> 1)).toSorted((a, b) => a - b);
  const at = (list: readonly number[], share: number) =>
    list[Math.min(list.length - 1, Math.floor(list.length * share))]!;
  tell('edit', at(late(whole), 0.5));
  tell('edit p99', at(late(whole), 0.99));
  tell('longest step', at(late(longest), 0.5));
  tell('longest step, worst', at(late(longest), 1));
}

const shape = shapes.find((one) => one.name === name);
if (!shape) throw new Error(`there is no shape "${name}"`);
measure(shape, Number(resources));
