// Keeps the cluster snapshot in sync if the setting is on.
import { window, workspace, type Disposable } from 'vscode';
import { watchSnapshot, type SnapshotWatch } from '../../../server/src/cluster/snapshot/watch-snapshot.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { findQuietly, readingRun } from './tools.ts';
import { compare, requestFor, takeIn } from './read-cluster.ts';
import { readTarget } from './target.ts';

const useSetting = 'istioEgress.cluster.use';
/** A change of windows does not cause a new read each time. */
const freshMs = 15_000;

function isUsed(): boolean {
  return workspace.getConfiguration().get<boolean>(useSetting, false);
}

export function keepInSync(egress: EgressContext): Disposable {
  const { live } = egress;
  const inBackground = (work: Promise<void>) => runInBackground(egress.output, 'keeping the cluster in sync', work);
  let stop = new AbortController();
  let watch: SnapshotWatch | undefined;
  let watched: string | undefined;
  let wasForgotten = false;
  let comparing: NodeJS.Timeout | undefined;
  const end = () => {
    stop.abort();
    [watch, watched] = [undefined, undefined];
  };
  const start = async () => {
    end();
    const tools = isUsed() && !live.forgotten ? findQuietly() : undefined;
    if (!tools) return;
    const { signal } = (stop = new AbortController());
    const run = readingRun(egress);
    const target = await readTarget(egress, run, tools);
    if (signal.aborted) return;
    if (!target.ok) {
      live.fail(target.problem);
      return;
    }
    watched = target.value.context;
    live.setTarget(target.value);
    watch = watchSnapshot(run, requestFor(watched, tools), {
      signal,
      jitter: Math.random,
      onSnapshot: (snapshot) => inBackground(takeIn(egress, tools, snapshot, { signal })),
      onProblem: (problem) => live.fail(problem),
    });
  };
  const compareSoon = () => {
    clearTimeout(comparing);
    comparing = setTimeout(() => {
      const tools = findQuietly();
      if (tools) inBackground(compare(egress, tools, stop.signal));
    }, 1500);
  };
  const settings = [useSetting, 'istioEgress.cluster.namespaces', 'istioEgress.kubectlPath', 'istioEgress.kubeconfig'];
  const parts = [
    workspace.onDidChangeConfiguration((change) => {
      if (settings.some((name) => change.affectsConfiguration(name))) inBackground(start());
    }),
    workspace.onDidGrantWorkspaceTrust(() => inBackground(start())),
    workspace.onDidSaveTextDocument(({ languageId }) => {
      if (live.snapshot && languageId === 'yaml') compareSoon();
    }),
    window.onDidChangeWindowState(({ focused }) => {
      if (focused && live.snapshot && Date.now() - Date.parse(live.snapshot.takenAt) > freshMs) watch?.refresh();
    }),
    live.onDidChange(() => {
      const isElsewhere = watched !== undefined && live.target !== undefined && live.target.context !== watched;
      const isOther = live.forgotten !== wasForgotten;
      wasForgotten = live.forgotten;
      if (isElsewhere || isOther) inBackground(start());
    }),
  ];
  // Waking up has better things to do.
  const first = setTimeout(() => inBackground(start()), 1000);
  return {
    dispose: () => {
      end();
      clearTimeout(first);
      clearTimeout(comparing);
      parts.forEach((part) => part.dispose());
    },
  };
}
