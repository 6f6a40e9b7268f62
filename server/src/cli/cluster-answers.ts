// Reads the cluster for the command line. Only this module runs the user's programs, and only on request.
import { readContexts } from '../cluster/tools/contexts.ts';
import { missingTool } from '../cluster/tools/problem.ts';
import type { Outcome, Problem } from '../cluster/tools/problem.ts';
import { readSnapshot, type Snapshot } from '../cluster/snapshot/snapshot.ts';
import type { Tools } from '../cluster/tools/target.ts';
import type { Arguments } from './args.ts';
import type { CliHost } from './host.ts';

/** The cluster could not be read. The message says why and what to do; the exit code is 2. */
export class ClusterError extends Error {
  constructor({ message, advice, details }: Problem) {
    super([message, advice, ...(details === undefined ? [] : [details.replaceAll(/^/gm, '    ')])].join('\n'));
  }
}

export interface ClusterAnswers {
  readonly snapshot: Snapshot;
  readonly tools: Tools;
}

/** What was not read is said once, on stderr. Throws ClusterError. */
export async function askCluster(
  args: Pick<Arguments, 'context' | 'namespaces'>,
  host: CliHost,
): Promise<ClusterAnswers> {
  const kubectl = host.find('kubectl');
  if (!kubectl.found) throw new ClusterError(missingTool('kubectl', kubectl.reason));
  // No command here needs istioctl.
  const tools: Tools = { kubectl: kubectl.path, istioctl: 'istioctl' };
  const context = args.context ?? (await currentContext(host, tools));
  const snapshot = valueOf(await readSnapshot(host.run, { context, tools, namespaces: args.namespaces }));
  host.stderr(notRead(snapshot));
  return { snapshot, tools };
}

async function currentContext(host: CliHost, tools: Tools): Promise<string> {
  const { current } = valueOf(await readContexts(host.run, tools));
  if (current !== undefined) return current;
  throw new ClusterError({
    kind: 'unknown-context',
    message: 'The kubeconfig has no current context.',
    advice: 'Choose a context with --context NAME.',
  });
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new ClusterError(outcome.problem);
  return outcome.value;
}

function reasonOf({ kind, message }: Problem): string {
  if (kind === 'missing-crd') return 'not installed in the cluster';
  return kind === 'forbidden' ? 'you have no permission to list them' : message;
}

/** A line a reason, however many kinds it is the reason of. */
function notRead({ context, unread }: Snapshot): string {
  const byReason = new Map<string, string[]>();
  for (const { kind, problem } of unread) {
    const reason = reasonOf(problem);
    byReason.set(reason, [...(byReason.get(reason) ?? []), kind]);
  }
  return [...byReason]
    .map(
      ([reason, kinds]) =>
        `istio-egress: cluster ${context}: could not read ${kinds.join(', ')} (${reason}). The checks do not conclude that such resources are missing.\n`,
    )
    .join('');
}
