// A network of its own without root: every address is this machine but those that Istio allocates, which nobody has outside a mesh; every port
// can be listened on, nothing outside is reachable.
// What runs in it ends with it.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Job, JobAnswer } from './messages.ts';

const enter = `ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip route add unreachable 240.240.0.0/16 table local && mount --bind "$1" /etc/resolv.conf && exec "$2" "$3" "$4" "$5"`;

export class Network {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'istio-egress-network-'));
  readonly #child: ChildProcess;
  readonly #waiting: { resolve: (answer: JobAnswer) => void; reject: (error: Error) => void }[] = [];

  constructor(envoy: string) {
    const names = path.join(this.#folder, 'resolv.conf');
    writeFileSync(names, 'nameserver 127.0.0.1\n');
    const main = path.join(import.meta.dirname, 'inside/main.ts');
    const words = ['sh', '-c', enter, 'sh', names, process.execPath, main, envoy, path.join(this.#folder, 'proxies')];
    const options = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child'];
    this.#child = spawn('unshare', [...options, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout! }).on('line', (line) =>
      this.#waiting.shift()?.resolve(JSON.parse(line) as JobAnswer),
    );
    this.#child.on('close', (code) => this.#fail(new Error(`the network ended with ${code}`)));
    this.#child.on('error', (error) => this.#fail(error));
    process.on('exit', this.stop);
  }

  /** Answered in the order in which they are asked. */
  ask(job: Job): Promise<JobAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin!.write(`${JSON.stringify(job)}\n`);
    });
  }

  readonly stop = (): void => {
    process.off('exit', this.stop);
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
