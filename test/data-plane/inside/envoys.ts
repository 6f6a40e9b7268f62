// The proxies of one mesh: a real Envoy each, with the configuration that Istio's generator made for it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, ProxyJob, Query } from '../messages.ts';
import { activityOf, askAdmin } from './quiet.ts';
import { secretsOf } from './secrets.ts';

const bootstrapType = 'type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener';

const flushMs = 10;
/** How long a line is waited for that is to come; on a busy machine that can be a while. */
const patienceMs = 5000;
/** And one that perhaps does not. */
const doubtMs = 250;

type Line = Answer['lines'][number];

interface Running {
  readonly name: string;
  /** Of its pod. */
  readonly address: string;
  readonly process: ChildProcess;
  readonly admin: string;
  readonly errors: string;
  readonly log: string;
  /** How much of the log was read. */
  read: number;
  /** Connections that it had accepted before the request. */
  accepted: number;
}

export class Envoys {
  readonly #binary: string;
  readonly #folder: string;
  #running: readonly Running[] = [];

  constructor(binary: string, folder: string) {
    this.#binary = binary;
    this.#folder = folder;
  }

  /** What Envoy said, of those that did not start. */
  async start(jobs: readonly ProxyJob[]): Promise<readonly string[]> {
    this.#running = jobs.map((job, i) => this.#startOne(job, i));
    const ready = await Promise.all(this.#running.map(isReady));
    return this.#running.flatMap((one, i) =>
      ready[i] ? [] : [`${one.name}: ${readFileSync(one.errors, 'utf8').trim().split('\n').slice(0, 6).join(' ')}`],
    );
  }

  #startOne({ name, address, identity, isFromPod, listeners, clusters, files = {} }: ProxyJob, i: number): Running {
    const at = (file: string): string => join(this.#folder, `${i}.${file}`);
    const log = at('log');
    writeFileSync(log, '');
    for (const [file, content] of Object.entries(files))
      writeFileSync(join(this.#folder, file), JSON.stringify(content));
    const admin = `127.0.1.${i + 1}`;
    const bootstrap = {
      node: { id: 'test', cluster: 'test' },
      admin: { address: { socket_address: { address: admin, port_value: 15000 } } },
      bootstrap_extensions: [{ name: 'envoy.bootstrap.internal_listener', typed_config: { '@type': bootstrapType } }],
      static_resources: { listeners, clusters, secrets: secretsOf(identity) },
      ...(isFromPod && { cluster_manager: { upstream_bind_config: { source_address: { address, port_value: 0 } } } }),
      layered_runtime: { layers: [{ name: 'static', static_layer: { 're2.max_program_size.error_level': 32768 } }] },
    };
    const text = JSON.stringify(bootstrap).replaceAll('"/dev/stdout"', JSON.stringify(log));
    writeFileSync(at('json'), text.replaceAll('@FOLDER@', this.#folder));
    const errors = openSync(at('errors'), 'w');
    const options = [
      '--concurrency',
      '1',
      '-l',
      'error',
      '--disable-hot-restart',
      '--file-flush-interval-msec',
      `${flushMs}`,
    ];
    const process = spawn(this.#binary, ['-c', at('json'), ...options], { stdio: ['ignore', 'ignore', errors] });
    closeSync(errors);
    return { name, address, process, admin, log, errors: at('errors'), read: 0, accepted: 0 };
  }

  /** Lines that were written since the last call; waits a moment for so many that are the request's own, one of them the first proxy's. */
  async lines({ lines: wanted, way, proxy, isQuiet }: Query): Promise<readonly Line[]> {
    const first = this.#running.find(({ address }) => address === proxy)?.name;
    const found = this.#read();
    const isWhole = (): boolean => {
      const own = found.filter((line) => !isOfTunnel(line));
      return own.length >= wanted && own.some((line) => line.proxy === first);
    };
    for (let left = wanted === 0 || isQuiet ? doubtMs : patienceMs; left > 0 && !isWhole(); left -= 4) {
      await sleep(4);
      found.push(...this.#read());
    }
    if (way === 'tunnel') return found;
    await this.#untilQuiet(found);
    return [...found, ...this.#read()];
  }

  /** A second proxy writes its line of its own accord, and one that is tried again writes several. */
  async #untilQuiet(found: readonly Line[]): Promise<void> {
    const passed = found.filter(({ text }) => text.includes('"- - -"'));
    const waits = this.#running.map(async (one) => {
      const isCalled = passed.some((line) => wasReached(line, one.address));
      for (let left = patienceMs; left > 0; left -= 4) {
        const activity = await activityOf(one.admin);
        // A connection may not be accepted yet.
        if (!activity || (activity.isQuiet && (!isCalled || activity.accepted > one.accepted))) {
          one.accepted = activity?.accepted ?? 0;
          return;
        }
        await sleep(4);
      }
    });
    await Promise.all(waits);
  }

  #read(): Line[] {
    return this.#running.filter(hasMore).flatMap((one) => {
      const rest = readFileSync(one.log, 'utf8').slice(one.read);
      // The end of a line may still be on its way.
      const text = rest.slice(0, rest.lastIndexOf('\n') + 1);
      one.read += text.length;
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ proxy: one.name, text: line }));
    });
  }

  async stop(): Promise<void> {
    const ended = this.#running
      .filter(({ process }) => process.exitCode === null)
      .map(({ process }) => once(process, 'exit'));
    for (const { process } of this.#running) process.kill('SIGKILL');
    await Promise.all(ended);
    this.#running = [];
  }
}

/** Written where what is inside the tunnel fails. */
function isOfTunnel({ text }: Line): boolean {
  return text.includes('"CONNECT ');
}

/** Whether the line says that the connection to the proxy at that address was opened. */
function wasReached({ text }: Line, address: string): boolean {
  return text.includes(`"${address}:`) && !/ (?:UF|URX)(?:,| )/.test(text);
}

function hasMore({ log, read }: Running): boolean {
  return statSync(log).size > read;
}

async function isReady({ process, admin }: Running): Promise<boolean> {
  for (let tries = 0; tries < 4000 && process.exitCode === null && process.signalCode === null; tries++) {
    if ((await askAdmin(admin, '/ready')) === 'LIVE') return true;
    await sleep(15);
  }
  return false;
}
