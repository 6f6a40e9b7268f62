// Stands in for istio-cni, which decides by labels of a pod and its namespace whether the pod's connections are redirected to ztunnel, and
// says so in an annotation. Keeps for ztunnel who calls here: the pod of the Deployment `curl` in `default`.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ApiServer, KubeObject } from './api-server.ts';
import { identityOf, issue, type Authority } from './certificates.ts';

export interface Client {
  readonly ip: string;
  readonly namespace: string;
  readonly isCaptured: boolean;
  /** `FILE.crt` and `FILE.key` have its identity in the mesh. */
  readonly identity: string;
}

const mode = 'istio.io/dataplane-mode';
const redirection = 'ambient.istio.io/redirection';

export class Capture {
  readonly #folder: string;
  readonly #mesh: Authority;
  readonly #api: ApiServer;
  #modes: ReadonlyMap<string, string | undefined> = new Map();
  #pods: readonly KubeObject[] = [];

  constructor(folder: string, mesh: Authority, api: ApiServer) {
    this.#folder = folder;
    this.#mesh = mesh;
    this.#api = api;
  }

  namespaces(all: readonly KubeObject[]): void {
    this.#modes = new Map(all.map(({ metadata }) => [metadata.name, metadata.labels?.[mode]]));
    this.#update();
  }

  pods(all: readonly KubeObject[]): void {
    this.#pods = all.filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined && status?.phase === 'Running' && status.podIP !== undefined,
    );
    this.#update();
  }

  #update(): void {
    for (const pod of this.#pods) {
      const wanted = this.#isCaptured(pod) ? 'enabled' : undefined;
      if (pod.metadata.annotations?.[redirection] !== wanted)
        this.#api.annotate(pod, { [redirection]: wanted ?? null }).catch(console.error);
    }
    const client = this.#pods.find(
      ({ metadata }) => metadata.namespace === 'default' && metadata.labels?.['app'] === 'curl',
    );
    if (client) this.#write(client);
  }

  #isCaptured({ metadata: { namespace = '', labels } }: KubeObject): boolean {
    return (labels?.[mode] ?? this.#modes.get(namespace)) === 'ambient';
  }

  #write(pod: KubeObject): void {
    const namespace = pod.metadata.namespace ?? '';
    const account = pod.spec?.serviceAccountName ?? 'default';
    const identity = path.join(this.#folder, 'certs', `${namespace}~${account}`);
    if (!existsSync(`${identity}.crt`)) issue(this.#mesh, `URI:${identityOf(namespace, account)}`, identity);
    const client: Client = { ip: pod.status?.podIP ?? '', namespace, isCaptured: this.#isCaptured(pod), identity };
    const file = path.join(this.#folder, 'client.json');
    writeFileSync(`${file}.part`, JSON.stringify(client));
    renameSync(`${file}.part`, file);
  }
}
