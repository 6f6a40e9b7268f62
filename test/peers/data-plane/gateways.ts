// An Envoy for each running pod of a waypoint, for as long as the pod runs: configured by istiod through a relay, at the pod's address,
// with the identity of the pod's account. What it prints is the pod's log.
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { KubeObject } from './api-server.ts';
import { bootstrap } from './bootstrap.ts';
import { identityOf, issue, type Authority } from './certificates.ts';
import type { Network } from './network.ts';
import { endsWithParent, start, stop } from './processes.ts';

export interface Surroundings {
  readonly folder: string;
  /** Of its plaintext xDS. */
  readonly istiod: string;
  readonly relay: string;
  readonly envoy: string;
  readonly mesh: Authority;
  readonly world: Authority;
  readonly network: Network;
  readonly log: (line: string) => void;
}

const gatewayName = 'gateway.networking.k8s.io/gateway-name';

export class Gateways {
  readonly #around: Surroundings;
  readonly #running = new Map<string, readonly ChildProcess[]>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Starts and stops so that each of these pods that runs has its Envoy, and no other. */
  keep(pods: readonly KubeObject[]): void {
    const wanted = new Map(pods.filter(isRunning).map((pod) => [pod.metadata.uid, pod]));
    for (const [uid, children] of this.#running) {
      if (wanted.has(uid)) continue;
      children.forEach(stop);
      this.#running.delete(uid);
    }
    for (const [uid, pod] of wanted) if (!this.#running.has(uid)) this.#running.set(uid, this.#start(pod));
  }

  #start({ metadata, spec, status }: KubeObject): readonly ChildProcess[] {
    const { folder, istiod, relay, envoy, mesh, world, network, log } = this.#around;
    const { name: pod, namespace = '', labels, uid } = metadata;
    const ip = status?.podIP ?? '';
    const home = path.join(folder, 'envoy', pod);
    mkdirSync(home, { recursive: true });
    issue(mesh, `URI:${identityOf(namespace, spec?.serviceAccountName ?? 'default')}`, path.join(home, 'default'));
    copyFileSync(mesh.certificate, path.join(home, 'root.crt'));
    copyFileSync(world.certificate, path.join(home, 'system.crt'));
    const socket = path.join(home, 'xds.sock');
    const config = path.join(home, 'bootstrap.json');
    writeFileSync(config, JSON.stringify(bootstrap(socket, ip)));

    const onEnd = (what: string) => (code: number | null) => {
      if (this.#running.has(uid)) console.error(`${what} of ${pod} ended with ${code}`);
    };
    const where = ['-namespace', namespace, '-name', labels?.[gatewayName] ?? '', '-ip', ip];
    const options = ['-istiod', istiod, ...where, '-certs', home, '-socket', socket];
    const relaying = start([...endsWithParent, relay, 'proxy', ...options], onEnd('relay'));
    relaying.stdout?.pipe(process.stderr);
    // Envoy opens /dev/stdout by its name, which works for a pipe of the shell and not for one of Node, which is a socket.
    // Lines of the access log come after this time, by default ten seconds.
    const flags = ['--concurrency', '1', '--disable-hot-restart', '--file-flush-interval-msec', '20', '-l', 'error'];
    const command = [...network.enter, ...endsWithParent, envoy, '-c', config, ...flags];
    const proxy = start(['sh', '-c', '"$@" | cat', 'envoy', ...command], onEnd('Envoy'));
    if (proxy.stdout) createInterface({ input: proxy.stdout }).on('line', log);
    return [proxy, relaying];
  }
}

function isRunning({ metadata: { labels, deletionTimestamp }, status }: KubeObject): boolean {
  return (
    labels?.[gatewayName] !== undefined &&
    labels['gateway.networking.k8s.io/gateway-class-name'] === 'istio-waypoint' &&
    deletionTimestamp === undefined &&
    status?.phase === 'Running' &&
    status.podIP !== undefined
  );
}
