// Which cluster a context points to. If the kubeconfig changes between a plan and its application, the write is refused.
import { contextNameFault } from './name-faults.ts';
import { succeeded, type Run } from './command.ts';
import { problemOf, type Outcome, type Problem } from './problem.ts';
import { kubectl, read, type Limits, type Tools } from './target.ts';

export interface ClusterIdentity {
  readonly server: string;
  /** The authority's certificate, or the file that holds it; empty where the system's are used. */
  readonly authority: string;
  /** The user of the kubeconfig, not the identity in the cluster. */
  readonly user: string;
}

/** Only these fields are requested, so no credential is read. */
const fields = [
  '.clusters[0].cluster.server',
  '.clusters[0].cluster.certificate-authority-data',
  '.clusters[0].cluster.certificate-authority',
  '.contexts[0].context.user',
];

export async function readIdentity(
  run: Run,
  target: { readonly context: string; readonly tools: Tools },
  limits: Limits = {},
): Promise<Outcome<ClusterIdentity>> {
  const fault = contextNameFault(target.context);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const command = kubectl(
    target,
    'config',
    'view',
    '--minify',
    '--raw',
    `--output=jsonpath=${fields.map((field) => `{${field}}`).join('{"\\n"}')}`,
  );
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, target.context) };
  const [server = '', data = '', file = '', user = ''] = result.stdout.split('\n');
  return { ok: true, value: { server, authority: data || file, user } };
}

/** Undefined if the context still leads where it did when the plan was made. */
export async function contextMoved(
  run: Run,
  target: { readonly context: string; readonly tools: Tools },
  planned: ClusterIdentity,
  limits: Limits = {},
): Promise<Problem | undefined> {
  const now = await readIdentity(run, target, limits);
  if (!now.ok) return now.problem;
  const changed = differing(planned, now.value);
  if (changed === undefined) return undefined;
  return {
    kind: 'context-moved',
    message: `Context "${target.context}" has changed after the plan was made: ${changed}. Nothing was changed in the cluster.`,
    advice: 'Check the kubeconfig, choose the context again and make a new plan.',
  };
}

function differing(a: ClusterIdentity, b: ClusterIdentity): string | undefined {
  if (a.server !== b.server) return `its server was ${a.server} and is now ${b.server}`;
  if (a.authority !== b.authority) return 'the certificate authority of its server is different';
  return a.user === b.user ? undefined : `its user was ${a.user} and is now ${b.user}`;
}
