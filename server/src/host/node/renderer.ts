// Renders charts and overlays with the user's own helm and kustomize. Nothing is downloaded: what names an address is refused before
// (sources/rendered/remote-values.ts), the tools get no option to do so, their proxy settings point to an address that never answers,
// and where Linux allows it they have no network at all.
import { devNull, homedir } from 'node:os';
import { succeeded, type Command, type RunOptions, type RunResult } from '../../cluster/tools/command.ts';
import type { RenderJob } from '../../sources/rendered/plan-renderings.ts';
import type { Renderer } from '../../sources/rendered/renderer.ts';
import { findExecutable } from './find-executable.ts';
import { NetworkNamespace } from './network-namespace.ts';
import { nodeRun } from './run.ts';

const limitMs = 20_000;
const mostOutput = 32 * 1024 * 1024;
const mostWords = 500;

const nowhere = 'http://127.0.0.1:1';

/** Programs read either spelling, and some prefer the lower case. An empty list exempts no host. */
const closed: NodeJS.ProcessEnv = {
  KUBECONFIG: devNull,
  HELM_NO_PLUGINS: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  ...bothSpellings({ HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, ALL_PROXY: nowhere, FTP_PROXY: nowhere, NO_PROXY: '' }),
};

function bothSpellings(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => [
      [name, value],
      [name.toLowerCase(), value],
    ]),
  );
}

/** Mixed spellings too: on Windows the first one counts. */
function withoutProxies(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/_proxy$/i.test(name)));
}

/** `env` and `timeoutMs` are for tests. */
export function nodeRenderer({
  env = process.env,
  timeoutMs = limitMs,
}: {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
} = {}): Renderer {
  const run = nodeRun({
    maxOutput: mostOutput,
    // Not in the workspace, which could have programs that the tools look for.
    cwd: homedir(),
    env: { ...withoutProxies(env), ...closed },
  });
  const network = new NetworkNamespace(run, env);
  return async (job, namespace) => {
    const command = commandFor(job, namespace, env);
    if (typeof command === 'string') return { ok: false, why: command };
    const result = await network.runWithout(command, { timeoutMs, ...whileItFits() });
    const why = failure(job, result, timeoutMs);
    return why === undefined ? { ok: true, text: result.stdout } : { ok: false, why };
  };
}

/** What prints more than is taken is ended: it may never end by itself. */
function whileItFits(): Pick<RunOptions, 'signal' | 'onOutput'> {
  const tooMuch = new AbortController();
  let printed = 0;
  return {
    signal: tooMuch.signal,
    onOutput({ text }) {
      printed += text.length;
      if (printed > mostOutput) tooMuch.abort();
    },
  };
}

/** A sentence where no tool is there. */
function commandFor({ tool, folder }: RenderJob, namespace: string, env: NodeJS.ProcessEnv): Command | string {
  if (tool === 'helm') {
    const helm = findExecutable('helm', undefined, { env });
    return helm.found
      ? { file: helm.path, args: ['template', folder, '--skip-tests', '--namespace', namespace] }
      : helm.reason;
  }
  const kustomize = findExecutable('kustomize', undefined, { env });
  if (kustomize.found) return { file: kustomize.path, args: ['build', folder] };
  const kubectl = findExecutable('kubectl', undefined, { env });
  return kubectl.found
    ? { file: kubectl.path, args: ['kustomize', folder] }
    : `kustomize is not in PATH, and ${kubectl.reason}`;
}

function failure({ tool }: RenderJob, result: RunResult, timeoutMs: number): string | undefined {
  if (result.truncated || result.ended === 'cancelled')
    return `${tool} printed more than ${mostOutput / 1024 / 1024} MB`;
  if (result.ended === 'timed-out') return `${tool} did not finish within ${timeoutMs / 1000} seconds`;
  if (result.ended === 'not-started') return result.reason ?? `${tool} could not be started`;
  if (!succeeded(result))
    return `${tool} says: ${words(result.stderr) || `nothing; it ended with ${result.code === undefined ? 'a signal' : `exit code ${result.code}`}`}`;
  return undefined;
}

function words(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, ' ');
  return line.length > mostWords ? `${line.slice(0, mostWords)}…` : line;
}
