// What the tests of installation share: empty folders, a manifest with a fault, and programs run as a user runs them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { writeFiles } from '../kit/cli.ts';
import { root } from '../kit/lsp-client.ts';

export const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** What `npm run package` made, in the suite before this one. */
export const npmPackage = join(root, `dist/istio-egress-${version}.tgz`);

/** HTTP on a TLS port: one warning. */
export const faulty = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts: [api.payments.example]
  ports:
    - number: 443
      name: http
      protocol: HTTP
  resolution: DNS
  location: MESH_EXTERNAL
`;

export const faultless = faulty.replace('name: http', 'name: tls').replace('protocol: HTTP', 'protocol: TLS');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

export function run(file: string, args: readonly string[], options: RunOptions = {}): Ended {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    encoding: 'utf8',
    input: '',
    timeout: 300_000,
    maxBuffer: 1 << 26,
    ...options,
  });
  return { code: status, out: stdout, err: error ? `${stderr}${error.message}` : stderr };
}

/** As `run`, for what has to work; throws with all that was printed. */
export function must(file: string, args: readonly string[], options: RunOptions = {}): string {
  const { code, out, err } = run(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${out}${err}`);
  return out;
}

/** Removed when the process of the tests ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'istio-egress-install-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A git repository with these files in one commit. */
export function repository(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  writeFiles(folder, files);
  must('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
  commit(folder);
  return folder;
}

export function commit(folder: string): void {
  must('git', ['add', '--all'], { cwd: folder });
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  must('git', [...author, 'commit', '--quiet', '--message=manifests'], { cwd: folder });
}

export function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** A Python with these packages; the reason in words where that cannot be had. */
export function pythonWith(...packages: readonly string[]): { readonly bin: string } | { readonly why: string } {
  if (onPath('python3') === undefined) return { why: 'python3 is missing' };
  const folder = emptyFolder();
  const made = run('python3', ['-m', 'venv', folder]);
  if (made.code !== 0) return { why: `python3 -m venv: ${made.err.trim().split('\n').at(-1)}` };
  const installed = run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
  if (installed.code !== 0)
    return { why: `pip install ${packages.join(' ')}: ${installed.err.trim().split('\n').at(-1)}` };
  return { bin: join(folder, 'bin') };
}
