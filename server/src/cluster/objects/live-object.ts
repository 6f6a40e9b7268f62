// One object in the cluster, and the parts that its author wrote.
import type { Kind } from '../../model/kinds.ts';
import { at, stringAt } from '../tools/parse-json.ts';
import { isRecord } from '../../base/is-record.ts';
import type { ClusterObject } from '../../model/cluster-content.ts';

export interface LiveObject extends ClusterObject {
  /** Its creation time, as in the cluster; undefined if it was not requested. */
  readonly created?: string | undefined;
}

/** Undefined without a name. */
export function liveObject(kind: Kind, object: object): LiveObject | undefined {
  const name = stringAt(object, 'metadata', 'name');
  const created = stringAt(object, 'metadata', 'creationTimestamp');
  if (name === undefined) return undefined;
  return {
    kind,
    namespace: stringAt(object, 'metadata', 'namespace') ?? '',
    name,
    object: withoutBookkeeping(object),
    ...(created !== undefined && { created }),
  };
}

/** A Deployment and a StatefulSet of one name are both workloads, so the kind as it is written counts too. */
export function liveKey({ kind, namespace, name, object }: LiveObject): string {
  return `${kind} ${stringAt(object, 'kind') ?? ''} ${namespace}/${name}`;
}

/** What the API server and kubectl write into an object for themselves. */
const bookkeeping: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'selfLink',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
]);
const bookkeepingNotes: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  // istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go setGatewayControllerVersion: istiod writes it on every Gateway of its own
  'gateway.istio.io/controller-version',
]);

/** The object as a user would read it: status and owners stay. */
function withoutBookkeeping(object: object): object {
  const metadata = at(object, 'metadata');
  if (!isRecord(metadata)) return object;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !bookkeeping.has(key)));
  const notes = kept['annotations'];
  if (isRecord(notes)) {
    const left = Object.fromEntries(Object.entries(notes).filter(([key]) => !bookkeepingNotes.has(key)));
    if (Object.keys(left).length === 0) delete kept['annotations'];
    else kept['annotations'] = left;
  }
  return { ...object, metadata: kept };
}

/** Only the fields that its author sets: applying the same object twice gives the same result. */
export function authored(object: object): object {
  const { status: _status, ...rest } = withoutBookkeeping(object) as Record<string, unknown>;
  const metadata = { ...(rest['metadata'] as Record<string, unknown> | undefined) };
  for (const key of ['finalizers', 'ownerReferences', 'deletionTimestamp', 'generation']) delete metadata[key];
  return { ...rest, metadata };
}
