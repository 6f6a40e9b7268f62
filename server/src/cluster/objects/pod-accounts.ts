// The accounts behind the addresses of pods: a proxy's log names its client by the address.
import { succeeded, type Run } from '../tools/command.ts';
import { contextNameFault } from '../tools/name-faults.ts';
import { problemOf, type Outcome } from '../tools/problem.ts';
import { kubectl, read, type Limits, type Target } from '../tools/target.ts';

export interface PodAccount {
  readonly address: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** When the pod was started, ISO 8601: before, another pod can have had the address. */
  readonly since: string;
}

const columns = [
  '.metadata.namespace',
  '.spec.serviceAccountName',
  '.status.startTime',
  '.spec.hostNetwork',
  '.status.phase',
  '.status.podIPs[*].ip',
];

/** Of the running pods of all namespaces. Pods in their node's network are left out: they share its address. */
export async function listPodAccounts(
  run: Run,
  target: Omit<Target, 'namespace'>,
  limits: Limits = {},
): Promise<Outcome<readonly PodAccount[]>> {
  const fault = contextNameFault(target.context);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const format = `{range .items[*]}${columns.map((column) => `{${column}}`).join('{"\\t"}')}{"\\n"}{end}`;
  const command = kubectl(
    target,
    'get',
    'pods',
    '--all-namespaces',
    `--output=jsonpath=${format}`,
    '--request-timeout=13s',
  );
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, target.context) };
  return { ok: true, value: result.stdout.split('\n').flatMap((line) => accountsOf(line.split('\t'))) };
}

function accountsOf(row: readonly string[]): readonly PodAccount[] {
  const [namespace = '', serviceAccount = '', since = '', hostNetwork, phase, addresses = ''] = row;
  if (namespace === '' || since === '' || hostNetwork === 'true' || phase !== 'Running') return [];
  return addresses
    .split(' ')
    .filter((address) => address !== '')
    .map((address) => ({ address, namespace, serviceAccount: serviceAccount || 'default', since }));
}
