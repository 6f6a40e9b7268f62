// The Role that lets a gateway read the Secret with its client certificate, where nothing gives it that yet.
import type { Draft } from '../../engine/draft.ts';
import { unreadableCredentials } from '../../rules/tls/applied/unreadable-credentials.ts';
import type { Route } from './route-answers.ts';
import type { RouteFiles } from './route-files.ts';
import { secretAccessManifests } from './route-manifests.ts';
import { freeName } from './route-names.ts';

export function addSecretAccess(files: RouteFiles, draft: Draft, { tls, gateway, hosts }: Route): void {
  if (tls !== 'mutual') return;
  const needing = draft.writtenMesh
    .inNamespace('DestinationRule', gateway.namespace)
    .filter(({ spec }) => spec.host !== undefined && hosts.includes(spec.host.value))
    .flatMap((rule) => [...unreadableCredentials(draft.writtenMesh, rule)]);
  const account = needing[0]?.account;
  if (account === undefined) return;
  const named = {
    namespace: gateway.namespace,
    name: freeName(draft, 'Role', gateway.namespace, `${account}-secrets`),
  };
  for (const one of secretAccessManifests({ namespace: gateway.namespace, name: account }, named))
    files.add(one, gateway.name);
}
