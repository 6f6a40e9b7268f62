// The accounts of pods by their names, from the workloads of the files, and by their addresses, from a cluster.
import { groupBy } from '../../base/group-by.ts';
import type { ClientAccount } from '../../eval/log/client-account.ts';
import type { LogSource } from '../../eval/log/entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';

/** Of a pod that runs. */
export interface AddressAccount extends ClientAccount {
  readonly address: string;
  /** ISO 8601: before, another pod can have had the address. */
  readonly since: string;
}

/** Undefined before the pod had the address, and where two pods have it. */
export function accountsOfAddresses(
  known: readonly AddressAccount[],
): (address: string, first: string | undefined) => ClientAccount | undefined {
  const byAddress = groupBy(known, ({ address }) => address);
  return (address, first) => {
    const [only, ...others] = byAddress.get(address) ?? [];
    if (!only || others.length > 0 || first === undefined) return undefined;
    return Date.parse(first) >= Date.parse(only.since)
      ? { namespace: only.namespace, serviceAccount: only.serviceAccount }
      : undefined;
  };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly isPod: boolean;
  readonly account: string;
}

/** Undefined where no workload of the files can have the pod, and where several with different accounts can. */
export function accountsOfPods(mesh: Mesh): (pod: LogSource) => ClientAccount | undefined {
  const known: readonly Named[] = (['Pod', 'Workload'] as const).flatMap((kind) =>
    mesh.all(kind).map(({ namespace, name, spec }) => ({
      namespace,
      name,
      isPod: kind === 'Pod',
      account: spec.serviceAccount?.value ?? 'default',
    })),
  );
  return ({ pod, namespace }) => {
    if (pod === undefined) return undefined;
    const fitting = known.filter((one) => (namespace === undefined || one.namespace === namespace) && isOf(one, pod));
    const accounts = new Map(fitting.map((one) => [`${one.namespace}/${one.account}`, one]));
    const [only] = accounts.values();
    return only && accounts.size === 1 ? { namespace: only.namespace, serviceAccount: only.account } : undefined;
  };
}

/** Names that controllers give: `cart-5d4f6c7b9-x2x7k` of a Deployment, `cart-0` of a StatefulSet, `cart-x2x7k` of a DaemonSet. */
function isOf({ name, isPod }: Named, pod: string): boolean {
  if (pod === name) return true;
  if (isPod || !pod.startsWith(`${name}-`)) return false;
  return /^(?:[a-z0-9]{5,10}-)?(?:[a-z0-9]{5}|\d+)$/.test(pod.slice(name.length + 1));
}
