// What istiod takes from a Secret for TLS, by the names of its keys.
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';

export type Certainty = 'yes' | 'no' | 'unknown';

export interface SecretPart {
  /** A certificate of one's own with its key, or what the other side's is checked with. */
  readonly use: 'certificate' | 'roots';
  readonly namespace: string;
  /** Where it is looked for, the first that exists. */
  readonly names: readonly string[];
  /** Whether it exists with the keys that are needed; `no` only where Secrets of the namespace are vouched for. */
  readonly present: Certainty;
  /** The Secret that is read; undefined if none is shown. */
  readonly secret: Resource<'Secret'> | undefined;
  /** The name is one of Secrets of which only the roots are handed out. */
  readonly isForRoots?: boolean;
}

/** Keys that do, each with all of it. istio@86c9f01 pilot/pkg/credentials/kube/secrets.go ExtractCertInfo, ExtractRoot. */
const keysFor: Readonly<Record<SecretPart['use'], readonly (readonly string[])[]>> = {
  certificate: [
    ['tls.crt', 'tls.key'],
    ['cert', 'key'],
  ],
  roots: [['ca.crt'], ['cacert']],
};

/** Of a name that ends so istiod hands out roots, whatever the Secret has. istio@86c9f01 pilot/pkg/xds/sds.go generate (isCAOnlySecret). */
const rootsSuffix = '-cacert';

export function certificateIn(mesh: Mesh, namespace: string, name: string): SecretPart {
  const part = partOf(mesh, 'certificate', namespace, [name]);
  return name.endsWith(rootsSuffix) ? { ...part, present: 'no', isForRoots: true } : part;
}

/** A Secret of roots alone goes before the one with the certificate. istio@86c9f01 pilot/pkg/credentials/kube/secrets.go GetCaCert. */
export function rootsIn(mesh: Mesh, namespace: string, name: string): SecretPart {
  return partOf(mesh, 'roots', namespace, [`${name}${rootsSuffix}`, name]);
}

function partOf(mesh: Mesh, use: SecretPart['use'], namespace: string, names: readonly string[]): SecretPart {
  const secret = names.map((name) => mesh.named('Secret', namespace, name)[0]).find((one) => one !== undefined);
  return { use, namespace, names, secret, present: presence(mesh, use, namespace, secret) };
}

/** A Secret that is shown without any key may have been stripped of them before it was committed. */
function presence(
  mesh: Mesh,
  use: SecretPart['use'],
  namespace: string,
  secret: Resource<'Secret'> | undefined,
): Certainty {
  if (!secret) return mesh.knows('Secret', namespace) ? 'no' : 'unknown';
  const { keys } = secret.spec;
  if (keysFor[use].some((needed) => needed.every((key) => keys.includes(key)))) return 'yes';
  return keys.length === 0 ? 'unknown' : 'no';
}

/** `tls.crt and tls.key, or cert and key`, for messages. */
export function neededKeys(use: SecretPart['use']): string {
  return keysFor[use].map((keys) => keys.join(' and ')).join(use === 'roots' ? ' or ' : ', or ');
}
