// The contexts of the user's kubeconfig, and the namespaces of one cluster. The kubeconfig is read by kubectl and never written.
import { succeeded, type Run } from './command.ts';
import { at, listAt, parseJson, stringAt } from './parse-json.ts';
import { problemOf, unreadable, type Outcome } from './problem.ts';
import { kubectl, read, type Limits, type Tools } from './target.ts';

interface Context {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  /** Where commands go that name no namespace. */
  readonly namespace: string;
}

export interface Contexts {
  /** Undefined if the kubeconfig chooses none. */
  readonly current: string | undefined;
  readonly all: readonly Context[];
}

/** Reads the merged kubeconfig (kubectl blanks its secrets). Does not contact a cluster. */
export async function readContexts(
  run: Run,
  tools: Pick<Tools, 'kubectl'>,
  limits: Limits = {},
): Promise<Outcome<Contexts>> {
  const command = { file: tools.kubectl, args: ['config', 'view', '--output=json'] };
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, '') };
  const config = parseJson(result.stdout);
  if (typeof config !== 'object' || config === null)
    return { ok: false, problem: unreadable('kubectl', command, 'its configuration as JSON') };
  const all = listAt(config, 'contexts').flatMap(contextOf);
  if (all.length > 0) return { ok: true, value: { current: stringAt(config, 'current-context') || undefined, all } };
  return {
    ok: false,
    problem: {
      kind: 'unknown-context',
      message: 'The kubeconfig has no context.',
      command,
      advice: 'Set up access to a cluster first, or set KUBECONFIG to the file that has a context.',
    },
  };
}

/** The names of the cluster's namespaces, sorted. A user without permission to list them gets the problem `forbidden` and can still type one. */
export async function listNamespaces(
  run: Run,
  context: string,
  tools: Tools,
  limits: Limits = {},
): Promise<Outcome<readonly string[]>> {
  const command = kubectl({ context, tools }, 'get', 'namespaces', '--output=json', '--request-timeout=10s');
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, context) };
  const parsed = parseJson(result.stdout);
  if (at(parsed, 'items') === undefined)
    return { ok: false, problem: unreadable('kubectl', command, 'the namespaces as JSON') };
  const names = listAt(parsed, 'items').flatMap((item) => stringAt(item, 'metadata', 'name') ?? []);
  return { ok: true, value: names.sort() };
}

function contextOf(value: unknown): readonly Context[] {
  const name = stringAt(value, 'name');
  if (name === undefined) return [];
  return [
    {
      name,
      cluster: stringAt(value, 'context', 'cluster') ?? '',
      user: stringAt(value, 'context', 'user') ?? '',
      namespace: stringAt(value, 'context', 'namespace') || 'default',
    },
  ];
}
