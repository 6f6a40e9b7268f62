// The real programs for tests: Istio's and Kubernetes' own, and throw-away clusters made of them. See test/peers/README.md.
//   const found = peers();
//   test('…', { skip: found.available ? false : found.why }, async () => { … });
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { envoy } from './envoy.ts';
import { envoyPath } from '../peers/envoy.ts';
import { cacheFolder, clusterPrograms, here, onPath, pathOf, type ProgramName } from '../peers/programs.ts';

export type Peers =
  | { readonly available: false; readonly why: string }
  | { readonly available: true; readonly bin: (name: ProgramName) => string };

export interface Cluster {
  /** Its context `local` may do everything, `local-guest` nothing. */
  readonly kubeconfig: string;
  readonly folder: string;
  /** Environment for programs that are to talk to this cluster. */
  readonly env: NodeJS.ProcessEnv;
  /** The machine's own kubectl, or a built one. */
  readonly tools: { readonly kubectl: string; readonly istioctl: string };
  readonly ports: Ports;
  /** Gives standard output; rejects with what the program said when it fails. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  readonly istioctl: (args: readonly string[]) => Promise<string>;
  /** Makes Deployments run, where the cluster was started without. */
  readonly startPods: () => Promise<void>;
  /** Ends every process by its id and removes the folder. Safe to call twice. */
  readonly stop: () => void;
}

/**
 * Whether the named programs can be used (those of a cluster, if none is named). On a machine of CI they are built if they are
 * not there; elsewhere a test run does not start a build of a quarter of an hour by itself, it says how to.
 */
export function peers(...names: readonly ProgramName[]): Peers {
  if (process.platform === 'win32') return { available: false, why: 'the peers need a POSIX system' };
  const wanted = names.length > 0 ? names : clusterPrograms;
  const missing = wanted.filter((name) => !existsSync(binary(name)));
  if (wanted.includes('kube-apiserver') && !existsSync(path.join(cacheFolder(), 'share')))
    missing.push('kube-apiserver');
  if (missing.length > 0) {
    if (spawnSync('go', ['version']).error)
      return { available: false, why: 'Go is not installed: the real programs cannot be built' };
    if (!process.env['CI'])
      return { available: false, why: `not built yet: ${missing.join(', ')}; run test/peers/build.sh (README there)` };
    const built = spawnSync(process.execPath, [path.join(here, 'build.ts'), ...missing], { stdio: ['ignore', 2, 2] });
    if (built.status !== 0) throw new Error(`the peers could not be built (exit code ${built.status})`);
  }
  return { available: true, bin: binary };
}

/** Whether a cluster can have its data plane: Envoy for its waypoints, and what stands in for ztunnel and the world. */
export function peersWithDataPlane(): Peers {
  const found = envoy();
  if (!found.available) return found;
  const missing = ['nsenter', 'setpriv', 'curl', 'openssl'].filter((name) => onPath(name) === undefined);
  return missing.length > 0 ? { available: false, why: `not installed: ${missing.join(', ')}` } : peers();
}

export interface ClusterOptions {
  /** Whether Deployments run, so that waypoints become Programmed. */
  readonly pods?: boolean;
  /** Whether requests are carried: `kubectl exec … curl` through the waypoint's Envoy to a site. Deployments run then. */
  readonly dataPlane?: boolean;
  /** False leaves it at etcd and API server: no Istio, no Gateway API. */
  readonly mesh?: boolean;
}

/** A cluster on 127.0.0.1, on ports of its own: etcd, API server, Istio's definitions and istiod. Takes 10 to 20 s. */
export async function startCluster({
  dataPlane = false,
  pods = dataPlane,
  mesh = true,
}: ClusterOptions = {}): Promise<Cluster> {
  const found = dataPlane ? peersWithDataPlane() : peers(...clusterPrograms.filter((name) => name !== 'relay'));
  if (!found.available) throw new Error(found.why);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce({ dataPlane, pods, mesh });
    } catch (error) {
      // Between the choice of a port and its use someone else may take it.
      if (attempt === 3 || !/address already in use/.test(String(error))) throw error;
    }
  }
}

async function startOnce({ dataPlane, pods, mesh }: Required<ClusterOptions>): Promise<Cluster> {
  const folder = mkdtempSync(path.join(tmpdir(), 'istio-egress-cluster-'));
  const ports = await freePorts();
  const kubeconfig = path.join(folder, 'kubeconfig');
  const env: NodeJS.ProcessEnv = { ...process.env, KUBECONFIG: kubeconfig };
  const scriptEnv: NodeJS.ProcessEnv = {
    ...env,
    ...ports,
    ...(dataPlane ? { ENVOY: envoyPath(), RELAY: pathOf('relay') } : {}),
    PEERS: cacheFolder(),
    NODE: process.execPath,
    OWNER_PID: String(process.pid),
  };
  const tools = { kubectl: binary('kubectl'), istioctl: binary('istioctl') };
  const stop = stopper(folder);
  const script = (name: string) => runScript(name, folder, scriptEnv);
  const startPods = () => script('pods.sh');
  try {
    await script('up.sh');
    if (mesh) await script('mesh.sh');
    if (pods) await startPods();
  } catch (error) {
    stop();
    throw error;
  }
  return {
    kubeconfig,
    folder,
    env,
    tools,
    ports,
    startPods,
    stop,
    kubectl: (args, input) => output(tools.kubectl, args, env, input),
    istioctl: (args) => output(tools.istioctl, args, env),
  };
}

/** Stops the cluster at the latest when this process ends; where even that does not get to run, watch.sh does. */
function stopper(folder: string): () => void {
  let stopped = false;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    process.off('exit', stop);
    for (const signal of signals) process.off(signal, bySignal);
    spawnSync('bash', [path.join(here, 'down.sh'), folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  const bySignal = (): void => process.exit(1);
  process.on('exit', stop);
  for (const signal of signals) process.on(signal, bySignal);
  return stop;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function runScript(name: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  // Outside the folder, which up.sh empties, and a file, because what stays running would hold a pipe open.
  const log = `${folder}.${name}.log`;
  const file = openSync(log, 'w');
  try {
    // A session of its own: an interrupt from the terminal must not reach etcd before the API server.
    const child = spawn('bash', [path.join(here, name), folder], {
      env,
      detached: true,
      stdio: ['ignore', file, file],
    });
    const code = await new Promise<number | null>((resolve, reject) => child.on('exit', resolve).on('error', reject));
    if (code !== 0) throw new Error(`${name} failed (exit code ${code}):\n${readFileSync(log, 'utf8')}`);
  } finally {
    closeSync(file);
    rmSync(log, { force: true });
  }
}

function output(file: string, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${path.basename(file)} ${args.join(' ')}: exit code ${code}\n${stderr}${stdout}`));
    });
    child.stdin.on('error', () => undefined); // it may end before it has read all
    child.stdin.end(input);
  });
}

function binary(name: ProgramName): string {
  return (name === 'kubectl' ? onPath('kubectl') : undefined) ?? pathOf(name);
}

const portNames = [
  'API_PORT',
  'ETCD_PORT',
  'ETCD_PEER_PORT',
  'ISTIOD_HTTP_PORT',
  'ISTIOD_WEBHOOK_PORT',
  'ISTIOD_XDS_PORT',
  'ISTIOD_SECURE_XDS_PORT',
  'ISTIOD_MONITORING_PORT',
  'ISTIOD_CTRLZ_PORT',
  'KUBELET_PORT',
] as const;

export type Ports = { readonly [N in (typeof portNames)[number]]: string };

/** Below the range from which the system itself takes ports for outgoing connections, so that they stay free until they are used. */
async function freePorts(): Promise<Ports> {
  const ports = new Set<number>();
  while (ports.size < portNames.length) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return Object.fromEntries([...ports].map((port, i) => [portNames[i], String(port)])) as Ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
