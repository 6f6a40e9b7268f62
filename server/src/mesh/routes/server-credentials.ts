// The Secrets from which servers of ingress and egress gateways take their certificates, and whether they have them.
// server/docs/istio-semantics-classic.md §F.31; istio@86c9f01 pilot/pkg/security/model/authentication.go ApplyCredentialSDSToServerCommonTLSContext.
import { selects, textLabels } from '../label-selector.ts';
import type { Field } from '../../model/field.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { GatewayListener, GatewayServerTls } from '../../model/specs.ts';
import { workloadsIn } from '../clients/data-plane.ts';
import { credentialPlace } from '../destination-rules/credential.ts';
import { certificateIn, rootsIn, type SecretPart } from '../destination-rules/secret-parts.ts';
import type { Mesh } from '../mesh.ts';
import { serverKind, withChartLabels, type Server } from './gateway-servers.ts';

export interface ServerCredential {
  readonly field: Field<string>;
  readonly path: FieldPath;
  readonly port: number | undefined;
  readonly parts: readonly SecretPart[];
  /** Whether the gateway's pods are surely in the namespace of the parts. */
  readonly isPlaceKnown: boolean;
}

export function serverCredentials(
  mesh: Mesh,
  gateway: AnyResource<'IstioGateway' | 'Gateway'>,
): readonly ServerCredential[] {
  if (gateway.kind === 'Gateway')
    return gateway.spec.listeners.flatMap((listener) => ofListener(mesh, gateway, listener));
  const homes = podNamespaces(mesh, gateway);
  return gateway.spec.servers.flatMap((server) =>
    ofServer(mesh, server, homes ?? [gateway.namespace, mesh.settings.rootNamespace], homes !== undefined),
  );
}

/** A certificate of the mesh needs no Secret. Of several certificates the first one's Secret has the roots. */
function ofServer(
  mesh: Mesh,
  server: Server,
  homes: readonly string[],
  isPlaceKnown: boolean,
): readonly ServerCredential[] {
  const kind = serverKind(server);
  if (!server.tls || (kind !== 'simple' && kind !== 'mutual')) return [];
  const needsRoots = kind === 'mutual' && server.tls.caCertCredentialName === undefined;
  return namesOf(server.tls).flatMap(({ field, path }, i): ServerCredential[] => {
    const parts = bestOf(homes.map((home) => partsOf(mesh, field.value, home, needsRoots && i === 0)));
    const at = ['spec', 'servers', server.index, 'tls', ...path];
    return parts.length > 0 ? [{ field, path: at, port: server.port, parts, isPlaceKnown }] : [];
  });
}

function namesOf({
  credentialName,
  credentialNames,
}: GatewayServerTls): readonly { readonly field: Field<string>; readonly path: FieldPath }[] {
  if (credentialNames.length > 0) return credentialNames.map((field, i) => ({ field, path: ['credentialNames', i] }));
  return credentialName ? [{ field: credentialName, path: ['credentialName'] }] : [];
}

/** Empty if it is not a Secret or not a valid name. */
function partsOf(mesh: Mesh, name: string, home: string, needsRoots: boolean): readonly SecretPart[] {
  const place = credentialPlace(name, home);
  if (name === '' || name.startsWith('builtin://') || place === 'form' || place.kind !== 'Secret') return [];
  const certificate = certificateIn(mesh, place.namespace, place.name);
  return needsRoots ? [certificate, rootsIn(mesh, place.namespace, place.name)] : [certificate];
}

/** Of several namespaces that may be the pods' the one that has the Secret. */
function bestOf(homes: readonly (readonly SecretPart[])[]): readonly SecretPart[] {
  return (
    homes.find((parts) => parts.length > 0 && parts.every(({ present }) => present === 'yes')) ??
    homes.find((parts) => parts.some(({ secret }) => secret)) ??
    homes[0] ??
    []
  );
}

/** Where files show the gateway's pods, if they do: beside the Gateway, or in the namespace of Istio's own. */
function podNamespaces(mesh: Mesh, { namespace, spec }: Resource<'IstioGateway'>): readonly string[] | undefined {
  const homes = [...new Set([namespace, mesh.settings.rootNamespace])].filter((home) =>
    workloadsIn(mesh, home).some(({ spec: { labels } }) => selects(spec.selector, withChartLabels(textLabels(labels)))),
  );
  return homes.length > 0 ? homes : undefined;
}

/** istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go buildTLS, buildSecretReference. */
function ofListener(
  mesh: Mesh,
  { namespace }: Resource<'Gateway'>,
  { index, port, tls }: GatewayListener,
): readonly ServerCredential[] {
  const isOfMesh = tls?.terminateMode === 'ISTIO_MUTUAL' || tls?.terminateMode === 'ISTIO_SIMPLE';
  if (!tls || tls.mode?.value === 'Passthrough' || isOfMesh) return [];
  return tls.certificateRefs.flatMap(({ group, kind, name, namespace: other }, i): ServerCredential[] =>
    name && (group ?? '') === '' && (kind ?? 'Secret') === 'Secret'
      ? [
          {
            field: name,
            path: ['spec', 'listeners', index, 'tls', 'certificateRefs', i, 'name'],
            port: port?.value,
            parts: [certificateIn(mesh, other ?? namespace, name.value)],
            isPlaceKnown: true,
          },
        ]
      : [],
  );
}
