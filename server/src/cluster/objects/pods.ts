// Pods to choose from: their owner, their identity in the mesh, and the containers in which a command can run. Their content is not read.
import { compareText } from '../../base/compare.ts';
import { succeeded, type Run } from '../tools/command.ts';
import { namespaceNameFault } from '../tools/name-faults.ts';
import { parseJson } from '../tools/parse-json.ts';
import { problemOf, type Outcome } from '../tools/problem.ts';
import { kubectl, read, type Limits, type Target } from '../tools/target.ts';
import { isRecord } from '../../base/is-record.ts';

export interface PodSummary {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly containers: readonly string[];
  readonly isRunning: boolean;
  /** Whether its containers say that they are ready. */
  readonly isReady: boolean;
  /** Whether ztunnel or a sidecar takes its traffic, as the cluster notes on the pod. */
  readonly inMesh: 'ambient' | 'sidecar' | 'no';
  /** `Deployment curl`; undefined for a pod that nothing made. */
  readonly owner: string | undefined;
  readonly address: string | undefined;
}

const columns = {
  namespace: '.metadata.namespace',
  name: '.metadata.name',
  account: '.spec.serviceAccountName',
  labels: '.metadata.labels',
  containers: '.spec.containers[*].name',
  inits: '.spec.initContainers[*].name',
  phase: '.status.phase',
  ready: '.status.conditions[?(@.type=="Ready")].status',
  redirection: '.metadata.annotations.ambient\\.istio\\.io/redirection',
  ownerKind: '.metadata.ownerReferences[0].kind',
  owner: '.metadata.ownerReferences[0].name',
  address: '.status.podIP',
  deleted: '.metadata.deletionTimestamp',
} as const;
type Column = keyof typeof columns;
const columnNames = Object.keys(columns) as readonly Column[];

/** Pods of a namespace, or of all; those that run first, by name. `selector` is kubectl's own, put together from checked names. */
export async function listPods(
  run: Run,
  target: Omit<Target, 'namespace'> & { readonly namespace: string | undefined },
  limits: Limits = {},
  selector?: string,
): Promise<Outcome<readonly PodSummary[]>> {
  const fault = target.namespace === undefined ? undefined : namespaceNameFault(target.namespace);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const format = `{range .items[*]}${columnNames.map((column) => `{${columns[column]}}`).join('{"\\t"}')}{"\\n"}{end}`;
  const command = kubectl(
    target,
    'get',
    'pods',
    ...(target.namespace === undefined ? ['--all-namespaces'] : []),
    ...(selector === undefined ? [] : [`--selector=${selector}`]),
    `--output=jsonpath=${format}`,
    '--request-timeout=13s',
  );
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, target.context) };
  const pods = result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => podOf(line.split('\t')));
  return {
    ok: true,
    value: pods.sort((a, b) => Number(b.isRunning) - Number(a.isRunning) || compareText(a.name, b.name)),
  };
}

function podOf(row: readonly string[]): readonly PodSummary[] {
  const cell = (column: Column) => row[columnNames.indexOf(column)] ?? '';
  const names = (column: Column) =>
    cell(column)
      .split(' ')
      .filter((one) => one !== '');
  if (cell('name') === '') return [];
  const isDeleted = cell('deleted') !== '';
  return [
    {
      namespace: cell('namespace'),
      name: cell('name'),
      serviceAccount: cell('account') || 'default',
      containers: names('containers'),
      labels: labelsOf(cell('labels')),
      isRunning: cell('phase') === 'Running' && !isDeleted,
      isReady: cell('ready') === 'True' && !isDeleted,
      inMesh: meshMode([...names('containers'), ...names('inits')], cell('redirection')),
      owner: cell('owner') === '' ? undefined : ownerOf(cell('ownerKind'), cell('owner')),
      address: cell('address') || undefined,
    },
  ];
}

function labelsOf(text: string): ReadonlyMap<string, string> {
  const labels = text === '' ? undefined : parseJson(text);
  return new Map(
    Object.entries(isRecord(labels) ? labels : {}).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value] as const] : [],
    ),
  );
}

function meshMode(containers: readonly string[], redirection: string): PodSummary['inMesh'] {
  if (containers.includes('istio-proxy')) return 'sidecar';
  return redirection === 'enabled' ? 'ambient' : 'no';
}

/** A Deployment's ReplicaSet is called after it, with the hash of its template behind. */
function ownerOf(kind: string, name: string): string {
  return kind === 'ReplicaSet' ? `Deployment ${name.replace(/-[a-z0-9]+$/, '')}` : `${kind} ${name}`;
}

/** Of the pods that istiod makes for a Gateway of the Gateway API; its value is the Gateway's name. */
export const gatewayLabel = 'gateway.networking.k8s.io/gateway-name';

/** Pods that a Gateway of the Gateway API runs in. The name must be checked. */
export function listGatewayPods(
  run: Run,
  target: Target & { readonly name: string },
  limits: Limits = {},
): Promise<Outcome<readonly PodSummary[]>> {
  return listPods(run, target, limits, `${gatewayLabel}=${target.name}`);
}

/** Workloads from which a request can be sent, with a running pod each, and the containers of it that are not the mesh's own. */
export function clientWorkloads(
  pods: readonly PodSummary[],
): readonly { readonly workload: string; readonly pod: PodSummary; readonly containers: readonly string[] }[] {
  const seen = new Set<string>();
  return pods
    .filter(({ isRunning, labels }) => isRunning && !labels.has(gatewayLabel))
    .flatMap((pod) => {
      const workload = pod.owner ?? `Pod ${pod.name}`;
      if (seen.has(workload)) return [];
      seen.add(workload);
      return [{ workload, pod, containers: pod.containers.filter((name) => name !== 'istio-proxy') }];
    });
}
