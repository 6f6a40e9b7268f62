// Who calls: the pod of the Deployment `curl` in `default`, and whether its connections are redirected to ztunnel. Stands in for istio-cni,
// which decides that by labels of the pod and its namespace.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from './api-server.ts';
import { identityOf, issue, type Authority } from './certificates.ts';

export interface Client {
  readonly ip: string;
  readonly namespace: string;
  readonly isCaptured: boolean;
  /** `FILE.crt` and `FILE.key` have its identity in the mesh. */
  readonly identity: string;
}

const mode = 'istio.io/dataplane-mode';
let modes = new Map<string, string | undefined>();
let client: KubeObject | undefined;

export const keepClient = {
  namespaces(all: readonly KubeObject[], folder: string, mesh: Authority): void {
    modes = new Map(all.map(({ metadata }) => [metadata.name, metadata.labels?.[mode]]));
    write(folder, mesh);
  },
  pods(all: readonly KubeObject[], folder: string, mesh: Authority): void {
    client = all.find(
      ({ metadata, status }) =>
        metadata.namespace === 'default' &&
        metadata.labels?.['app'] === 'curl' &&
        metadata.deletionTimestamp === undefined &&
        status?.phase === 'Running' &&
        status.podIP !== undefined,
    );
    write(folder, mesh);
  },
};

function write(folder: string, mesh: Authority): void {
  const { namespace = '', labels } = client?.metadata ?? {};
  const ip = client?.status?.podIP;
  if (!client || ip === undefined) return;
  const account = client.spec?.serviceAccountName ?? 'default';
  const identity = path.join(folder, 'certs', `${namespace}~${account}`);
  if (!existsSync(`${identity}.crt`)) issue(mesh, `URI:${identityOf(namespace, account)}`, identity);
  const isCaptured = (labels?.[mode] ?? modes.get(namespace)) === 'ambient';
  const file = path.join(folder, 'client.json');
  writeFileSync(`${file}.part`, JSON.stringify({ ip, namespace, isCaptured, identity } satisfies Client));
  renameSync(`${file}.part`, file);
}
