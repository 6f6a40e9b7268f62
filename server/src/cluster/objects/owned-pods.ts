// Drops the pods of a workload that is read itself: fifty replicas would repeat the same facts.
import { listAt, stringAt } from '../tools/parse-json.ts';
import { liveKey, type LiveObject } from './live-object.ts';

/** Leaves out pods whose Deployment, StatefulSet or DaemonSet is among the objects. */
export function withoutOwned(objects: readonly LiveObject[]): readonly LiveObject[] {
  const workloads = new Set(objects.filter(({ kind }) => kind === 'Workload').map(liveKey));
  return objects.filter((object) => object.kind !== 'Pod' || !workloads.has(ownerOf(object)));
}

function ownerOf({ namespace, object }: LiveObject): string {
  const [owner] = listAt(object, 'metadata', 'ownerReferences');
  const kind = stringAt(owner, 'kind') ?? '';
  const name = stringAt(owner, 'name') ?? '';
  // A Deployment's ReplicaSet is called after it, with the hash of its template behind.
  return kind === 'ReplicaSet'
    ? `Workload Deployment ${namespace}/${name.replace(/-[a-z0-9]+$/, '')}`
    : `Workload ${kind} ${namespace}/${name}`;
}
