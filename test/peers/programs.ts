// Which programs the tests talk to, how each is built, and where the built ones lie. Reads files only; nothing here needs Go.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export interface Program {
  readonly package: string;
  /** Variables set by the linker: most of these programs otherwise say that their version is unknown, and kubectl then cannot parse it. */
  readonly stamps: readonly string[];
}

const version = 'k8s.io/component-base/version';
const kubernetes = [`${version}.gitVersion=v1.36.1`, `${version}.gitMajor=1`, `${version}.gitMinor=36`];
const istio = ['istio.io/istio/pkg/version.buildVersion=1.31-dev'];

// In the order of how soon a test can use them.
export const programs = {
  oracle: { package: './oracle', stamps: [] },
  istioctl: { package: 'istio.io/istio/istioctl/cmd/istioctl', stamps: istio },
  'pilot-discovery': { package: 'istio.io/istio/pilot/cmd/pilot-discovery', stamps: istio },
  etcd: { package: 'go.etcd.io/etcd/server/v3', stamps: [] },
  'kube-apiserver': { package: 'k8s.io/kubernetes/cmd/kube-apiserver', stamps: kubernetes },
  'kube-controller-manager': { package: 'k8s.io/kubernetes/cmd/kube-controller-manager', stamps: kubernetes },
  'kube-scheduler': { package: 'k8s.io/kubernetes/cmd/kube-scheduler', stamps: kubernetes },
  kwok: { package: 'sigs.k8s.io/kwok/cmd/kwok', stamps: [] },
  kubectl: { package: 'k8s.io/kubernetes/cmd/kubectl', stamps: kubernetes },
} as const satisfies { readonly [name: string]: Program };

/** Programs of modules of their own, in folders here: built apart, so that theirs and Istio's dependencies do not bind each other. */
export const apart = {
  helm: { package: 'helm.sh/helm/v4/cmd/helm', stamps: [] },
} as const satisfies { readonly [name: string]: Program };

export type ProgramName = keyof typeof programs | keyof typeof apart;

/** Where `go build` runs for a program. */
export function moduleOf(name: ProgramName): string {
  return isApart(name) ? path.join(here, name) : here;
}

export function programOf(name: ProgramName): Program {
  return isApart(name) ? apart[name] : programs[name];
}

function isApart(name: string): name is keyof typeof apart {
  return Object.hasOwn(apart, name);
}

/** Files that lie in the modules and that a cluster is made from: `[module, path in it, path below share/]`. */
export const sharedFiles = [
  ['sigs.k8s.io/gateway-api', 'config/crd/standard', 'gateway-api/standard'],
  ['sigs.k8s.io/gateway-api', 'config/crd/experimental', 'gateway-api/experimental'],
  ['sigs.k8s.io/kwok', 'kustomize/stage', 'kwok/stage'],
  ['istio.io/istio', 'samples/curl', 'istio/curl'],
] as const;

export const here = import.meta.dirname;

/** Holds everything that is built from one go.mod and go.sum; another pair has another folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  const recipe = JSON.stringify([programs, sharedFiles, process.platform, process.arch]);
  return path.join(cache, 'istio-egress', 'peers', hash([read('go.mod'), read('go.sum'), recipe]));
}

/** Where a program lies once it is built. What changes apart from the rest has its sources in its name: the oracle, which is ours, and what has its own go.mod. */
export function pathOf(name: ProgramName, folder: string = cacheFolder()): string {
  if (isApart(name)) return path.join(folder, `${name}-${hash([read(`${name}/go.mod`), read(`${name}/go.sum`)])}`);
  if (name !== 'oracle') return path.join(folder, name);
  const sources = readdirSync(path.join(here, 'oracle'))
    .filter((file) => file.endsWith('.go'))
    .sort();
  return path.join(folder, `oracle-${hash(sources.flatMap((file) => [file, read(`oracle/${file}`)]))}`);
}

export function isProgram(name: string): name is ProgramName {
  return Object.hasOwn(programs, name) || isApart(name);
}

/** A program of that name in PATH. */
export function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(path.isAbsolute);
  return folders.map((folder) => path.join(folder, name)).find(existsSync);
}

function read(file: string): string {
  return readFileSync(path.join(here, file), 'utf8');
}

function hash(parts: readonly string[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(`${part.length}\n${part}`);
  return sum.digest('hex').slice(0, 16);
}
