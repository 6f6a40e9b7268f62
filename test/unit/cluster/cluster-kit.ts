// A run of programs that answers from recorded outputs, for tests of what is made of them.
import type { Command, Run, RunResult } from '../../../server/src/cluster/tools/command.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import type { Manifest } from '../../../server/src/model/manifest.ts';

export const tools: Tools = { kubectl: '/bin/kubectl', istioctl: '/bin/istioctl' };

/** A manifest to apply. */
export const item: Manifest = {
  id: '1',
  kind: 'ServiceEntry',
  namespace: 'egress',
  name: 'httpbin',
  text: '{"kind":"ServiceEntry","metadata":{"name":"httpbin"}}',
  errors: [],
};

export type Answer = Partial<Pick<RunResult, 'stdout' | 'stderr' | 'code' | 'ended' | 'truncated' | 'reason'>>;

export function ranTo({
  stdout = '',
  stderr = '',
  code = 0,
  ended = 'exited',
  truncated = false,
  reason,
}: Answer): RunResult {
  return {
    ended,
    code: ended === 'exited' ? code : undefined,
    stdout,
    stderr,
    truncated,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The first pattern that the command's words fit answers; a command that none fits fails the test. */
export function recorded(
  answers: readonly (readonly [RegExp, Answer | ((command: Command, input: string | undefined) => Answer)])[],
): Run & { readonly seen: Command[] } {
  const seen: Command[] = [];
  const run: Run = async (command, { input }) => {
    seen.push(command);
    const words = command.args.join(' ');
    const [, answer] = answers.find(([pattern]) => pattern.test(words)) ?? [];
    if (answer === undefined) throw new Error(`no answer is recorded for ${words}`);
    return ranTo(typeof answer === 'function' ? answer(command, input) : answer);
  };
  return Object.assign(run, { seen });
}

export const list = (...items: readonly object[]): Answer => ({
  stdout: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 4),
});

export const gateway = {
  kind: 'Gateway',
  metadata: { name: 'gate', namespace: 'egress', uid: '1' },
  spec: { gatewayClassName: 'istio-waypoint' },
};

/** Answers well, so that as much as possible is run; keeps what it was asked. */
export function wellBehaved(): Run & {
  readonly seen: { readonly command: Command; readonly input: string | undefined }[];
} {
  const seen: { readonly command: Command; readonly input: string | undefined }[] = [];
  const answer = ({ args }: Command, input: string | undefined): Answer => {
    const words = args.join(' ');
    if (words.includes('config view'))
      return {
        stdout: words.includes('jsonpath')
          ? 'https://one:6443\nCA\n\ndev'
          : JSON.stringify({ contexts: [{ name: 'prod', context: {} }] }),
      };
    if (words.includes('waypoint generate'))
      return { stdout: 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: gate\n' };
    if (words.includes('api-resources'))
      return { stdout: 'namespaces\nservices\npods\nsecrets\nserviceentries.networking.istio.io\n' };
    if (words.includes('--filename=-') && !words.includes('get'))
      return { stdout: input?.startsWith('{') ? input : JSON.stringify(gateway) };
    if (words.includes('gateways.gateway.networking.k8s.io/')) return { stdout: JSON.stringify(gateway) };
    return {};
  };
  const run: Run = async (command, { input }) => {
    seen.push({ command, input });
    return ranTo(answer(command, input));
  };
  return Object.assign(run, { seen });
}
