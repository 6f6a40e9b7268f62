// Whether the names that a DestinationRule accepts of an egress gateway leave out the account of its pods.
// server/docs/istio-semantics-classic.md §G.6, §L.77.
import type { Resource } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import type { Mesh } from '../mesh.ts';
import { workloadsSelected } from './data-plane.ts';
import { managedGatewayBehind } from './managed-gateway.ts';

export interface RefusedAccount {
  /** Of the pods: that of the Service. */
  readonly namespace: string;
  /** Undefined where every account of the namespace is left out. */
  readonly account: string | undefined;
}

/** Undefined where a name may be that of the pods. */
export function refusedAccount(mesh: Mesh, host: string, tls: ClientTls | undefined): RefusedAccount | undefined {
  const [, namespace] = host.split('.');
  const names = tls?.subjectAltNames ?? [];
  if (namespace === undefined || names.length === 0 || tls?.insecureSkipVerify?.value) return undefined;
  const accepted = names.map(({ value }) => accountIn(value));
  if (accepted.every((one) => one !== undefined && one.namespace !== namespace))
    return { namespace, account: undefined };
  const account = accountOfPods(mesh, host, namespace);
  const isRefused = accepted.every((one) => one && (one.namespace !== namespace || one.account !== account));
  return account !== undefined && isRefused ? { namespace, account } : undefined;
}

/** Undefined for an identity of another form. A name that is no identity is in no certificate of the mesh. */
function accountIn(name: string): { readonly namespace: string; readonly account: string } | undefined {
  const [, namespace, account] = /^spiffe:\/\/[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(name) ?? [];
  if (namespace !== undefined && account !== undefined) return { namespace, account };
  return name.startsWith('spiffe:') ? undefined : { namespace: '', account: '' };
}

/** Undefined where no file shows the pods behind the Service, or they have several accounts. */
function accountOfPods(mesh: Mesh, host: string, namespace: string): string | undefined {
  // Of the Gateway API: istiod makes the account with the Service. §I.1.
  if (managedGatewayBehind(mesh, host)) return host.slice(0, host.indexOf('.'));
  const [owner, ...others] = mesh.hostOwners(host).map(({ resource }) => resource);
  const selector = owner && selectorOf(owner);
  if (!selector || selector.size === 0 || others.length > 0) return undefined;
  const pods = workloadsSelected(mesh, namespace, selector);
  const accounts = new Set(pods.map(({ spec }) => spec.serviceAccount?.value ?? 'default'));
  return accounts.size === 1 ? [...accounts][0] : undefined;
}

function selectorOf(owner: Resource<'ServiceEntry'> | Resource<'Service'>): ReadonlyMap<string, string> | undefined {
  return owner.kind === 'Service' ? owner.spec.selector : undefined;
}
