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
  relay: { package: './relay', stamps: [] },
  istioctl: { package: 'istio.io/istio/istioctl/cmd/istioctl', stamps: istio },
  'pilot-discovery': { package: 'istio.io/istio/pilot/cmd/pilot-discovery', stamps: istio },
  etcd: { package: 'go.etcd.io/etcd/server/v3', stamps: [] },
  'kube-apiserver': { package: 'k8s.io/kubernetes/cmd/kube-apiserver', stamps: kubernetes },
  'kube-controller-manager': { package: 'k8s.io/kubernetes/cmd/kube-controller-manager', stamps: kubernetes },
  'kube-scheduler': { package: 'k8s.io/kubernetes/cmd/kube-scheduler', stamps: kubernetes },
  kwok: { package: 'sigs.k8s.io/kwok/cmd/kwok', stamps: [] },
  kubectl: { package: 'k8s.io/kubernetes/cmd/kubectl', stamps: kubernetes },
  helm: { package: 'helm.sh/helm/v4/cmd/helm', stamps: [] },
} as const satisfies { readonly [name: string]: Program };

export type ProgramName = keyof typeof programs;

export const programNames: readonly ProgramName[] = Object.keys(programs).filter(isProgram);

/** Of this folder: they change apart from the rest, so their sources are in their file's name. */
const own: readonly ProgramName[] = ['oracle', 'relay'];

/** What a cluster with its data plane is made of; Envoy comes apart (`envoy.ts`). */
export const clusterPrograms: readonly ProgramName[] = programNames.filter(
  (name) => name !== 'helm' && name !== 'oracle',
);

/**
 * The same for all programs, so that what they share is compiled once. Nothing here is debugged, so there is no DWARF, and without cgo
 * no C compiler is needed. Not `-tags=disable_pgv`, by which Istio's releases leave out validators: the oracle uses Istio's test code,
 * which calls them.
 */
export const buildFlags = ['-gcflags=all=-dwarf=false', '-buildvcs=false'] as const;
export const linkFlags = ['-s', '-w'] as const;
export const buildEnv = { CGO_ENABLED: '0' } as const;

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
  const flags = [buildFlags, linkFlags, buildEnv];
  const built = Object.entries(programs).filter(([name]) => !own.some((one) => one === name));
  const recipe = JSON.stringify([built, flags, sharedFiles, process.platform, process.arch]);
  return path.join(cache, 'istio-egress', 'peers', hash([withoutComments(read('go.mod')), read('go.sum'), recipe]));
}

/** Where a program lies once it is built. */
export function pathOf(name: ProgramName, folder: string = cacheFolder()): string {
  if (!own.includes(name)) return path.join(folder, name);
  const sources = readdirSync(path.join(here, name))
    .filter((file) => file.endsWith('.go'))
    .sort();
  const code = sources.flatMap((file) => [file, withoutComments(read(`${name}/${file}`))]);
  return path.join(folder, `${name}-${hash(code)}`);
}

export function isProgram(name: string): name is ProgramName {
  return Object.hasOwn(programs, name);
}

const goString = /`[^`]*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/;
const goSpace = /(?:\s|\/\/(?!go:)[^\n]*|\/\*[\s\S]*?\*\/)+/;
const goToken = new RegExp(`(${goString.source})|${goSpace.source}`, 'g');

/** Go code, or a go.mod, with its strings as they are, and without comments and layout: editing those asks for no build. */
export function withoutComments(code: string): string {
  return code.replace(goToken, (token, string?: string) => string ?? (token.includes('\n') ? '\n' : ' ')).trim();
}

/** A program of that name in PATH. */
export function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
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
