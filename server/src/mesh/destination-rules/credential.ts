// Where the certificates of a `credentialName` come from at a proxy, and whether the proxy gets them.
// server/docs/istio-semantics-classic.md §E.43 to §E.45.
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import type { Mesh } from '../mesh.ts';
import { certificateIn, rootsIn, type Certainty, type SecretPart } from './secret-parts.ts';
import { mayListSecrets, type SecretAccess, type SecretReader } from './secret-access.ts';
import { since } from '../settings.ts';

export interface CredentialPart extends SecretPart {
  readonly kind: 'Secret' | 'ConfigMap';
  /** Whether the proxy is given it. */
  readonly allowed: Certainty;
}

export type Credential =
  /** `parts` are all that the handshake needs. */
  | {
      readonly state: 'read';
      readonly field: Field<string>;
      readonly parts: readonly CredentialPart[];
      readonly access: SecretAccess;
    }
  /** Names a Secret of another namespace than the proxy's, or in a form that Istio does not take: nothing is given. */
  | { readonly state: 'refused'; readonly field: Field<string>; readonly reason: 'other-namespace' | 'form' };

/** The Secret that the proxy requests for a rule's TLS settings; undefined without a `credentialName`, or where no TLS is originated. */
export function credentialOf(mesh: Mesh, tls: ClientTls, reader: SecretReader): Credential | undefined {
  const field = tls.credentialName;
  const mode = tls.mode?.value;
  // The proxy's own certificate needs nothing.
  if (!field?.value || field.value.startsWith('builtin://') || (mode !== 'SIMPLE' && mode !== 'MUTUAL'))
    return undefined;
  const place = credentialPlace(field.value, reader.namespace);
  if (place === 'form') return { state: 'refused', field, reason: 'form' };
  if (place.kind === 'Secret' && place.namespace !== reader.namespace)
    return { state: 'refused', field, reason: 'other-namespace' };
  const access = mayListSecrets(mesh, reader);
  // A ConfigMap holds roots only. INFER for MUTUAL, whose certificate then comes from nowhere.
  const certificate = mode === 'MUTUAL' && place.kind === 'Secret' ? [certificatePart(mesh, place, access)] : [];
  const roots = tls.insecureSkipVerify?.value ? [] : [rootsPart(mesh, place, access)];
  return { state: 'read', field, parts: [...certificate, ...roots], access };
}

interface Place {
  readonly kind: CredentialPart['kind'];
  readonly namespace: string;
  readonly name: string;
}

/** istio@86c9f01 pilot/pkg/model/credentials/resource.go ToResourceName, ParseResourceName. */
export function credentialPlace(credentialName: string, ownNamespace: string): Place | 'form' {
  const [, scheme = 'kubernetes', rest = ''] = /^(?:([a-z-]+):\/\/)?(.*)$/s.exec(credentialName) ?? [];
  const [first = '', second] = rest.split('/');
  if (scheme === 'configmap') return first && second ? { kind: 'ConfigMap', namespace: first, name: second } : 'form';
  if (scheme !== 'kubernetes') return 'form';
  return second === undefined
    ? { kind: 'Secret', namespace: ownNamespace, name: first }
    : { kind: 'Secret', namespace: first, name: second };
}

function certificatePart(mesh: Mesh, { kind, namespace, name }: Place, access: SecretAccess): CredentialPart {
  return { ...certificateIn(mesh, namespace, name), kind, allowed: access.state };
}

/** A Secret of roots alone needs no permission, which is so since 1.25. istio@86c9f01 pilot/pkg/credentials/kube/secrets.go GetConfigMapCaCert; pilot/pkg/xds/sds.go filterAuthorizedResources. */
function rootsPart(mesh: Mesh, { kind, namespace, name }: Place, access: SecretAccess): CredentialPart {
  if (kind === 'ConfigMap')
    return { use: 'roots', kind, namespace, names: [name], secret: undefined, present: 'unknown', allowed: 'yes' };
  return { ...rootsIn(mesh, namespace, name), kind, allowed: since(mesh.settings, '1.25') ? 'yes' : access.state };
}

/** A Secret with a name that the proxy asks for, which is in the namespace of the rule, where the proxy does not look. */
export function secretBesideRule(
  mesh: Mesh,
  parts: readonly SecretPart[],
  ofRule: string,
  ofReader: string,
): Resource<'Secret'> | undefined {
  if (ofRule === ofReader) return undefined;
  const part = parts.find(({ secret }) => !secret);
  return part?.names.flatMap((name) => mesh.named('Secret', ofRule, name))[0];
}

export interface PolicyRoots {
  readonly field: Field<string>;
  readonly name: string;
  readonly present: Certainty;
}

/**
 * The ConfigMap with the roots of a BackendTLSPolicy; undefined for those of the system. Only the first is used, and only a ConfigMap.
 * istio@86c9f01 pilot/pkg/config/kube/gateway/backend_policies.go getBackendTLSCredentialName.
 */
export function rootsOfPolicy(mesh: Mesh, { namespace, spec }: Resource<'BackendTLSPolicy'>): PolicyRoots | undefined {
  const { kind, name } = spec.caCertificateRefs[0] ?? {};
  if (kind !== 'ConfigMap' || !name) return undefined;
  const [found] = mesh.named(kind, namespace, name.value);
  return {
    field: name,
    name: `${kind} ${namespace}/${name.value}`,
    present: found ? 'yes' : whereMissing(mesh.knows(kind, namespace)),
  };
}

function whereMissing(isVouchedFor: boolean): Certainty {
  return isVouchedFor ? 'no' : 'unknown';
}
