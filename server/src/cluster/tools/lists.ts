// Reads lists of objects, many kinds in one call. A kind without read permission does not affect the others.
import { succeeded, type Command, type Run, type RunResult } from './command.ts';
import { listAt, parseJson } from './parse-json.ts';
import { liveObject, type LiveObject } from '../objects/live-object.ts';
import {
  jsonTexts,
  keysTemplate,
  podColumns,
  readKeys,
  readPods,
  readTemplates,
  templateColumns,
} from '../objects/projections.ts';
import { problemOf, unreadable, type Problem } from './problem.ts';
import type { Manner, ScopedKind } from '../objects/scope.ts';
import { kubectl, read, type Limits, type Tools } from './target.ts';
import { isRecord } from '../../base/is-record.ts';

/** Where lists are taken. */
export interface ListTarget {
  readonly context: string;
  readonly tools: Tools;
  /** One namespace; `all` for all of them, `none` for kinds of the whole cluster. */
  readonly namespace: string;
}

export interface Listed {
  readonly objects: readonly LiveObject[];
  readonly unread: readonly { readonly scoped: ScopedKind; readonly problem: Problem }[];
}

const formats: Readonly<Record<Manner, string>> = {
  json: 'json',
  keys: `go-template=${keysTemplate}`,
  pod: `jsonpath=${podColumns}`,
  template: `jsonpath=${templateColumns}`,
};

/** Kinds of one manner, read in one call where all of them may be read, else as far as they may. */
export async function listKinds(
  run: Run,
  place: ListTarget,
  kinds: readonly ScopedKind[],
  limits: Limits,
): Promise<Listed> {
  if (kinds.length === 0) return { objects: [], unread: [] };
  const command = listCommand(place, kinds, limits);
  const result = await read(run, command, limits);
  if (result.truncated)
    return failed(kinds, {
      ...unreadable('kubectl', command, 'little enough'),
      advice: 'The list is too large. Choose a namespace.',
    });
  const refused = succeeded(result) ? [] : refusedKinds(result, kinds, command, place.context);
  if (refused !== undefined) {
    const objects = readOutput(result.stdout, kinds);
    if (objects === undefined) return failed(kinds, unreadable('kubectl', command, 'a list of objects'));
    return { objects, unread: refused };
  }
  const problem = problemOf('kubectl', command, result, place.context);
  return kinds.length === 1 || !ofOneKind(problem) ? failed(kinds, problem) : oneByOne(run, place, kinds, limits);
}

function listCommand({ context, tools, namespace }: ListTarget, kinds: readonly ScopedKind[], limits: Limits): Command {
  const where = namespace === 'all' ? ['--all-namespaces'] : [];
  const target = { context, tools, ...(namespace === 'all' || namespace === 'none' ? {} : { namespace }) };
  const seconds = Math.max(1, Math.floor((limits.timeoutMs ?? 15_000) / 1000) - 2);
  return kubectl(
    target,
    'get',
    kinds.map(({ resource }) => resource).join(','),
    ...where,
    `--output=${formats[kinds[0]!.manner]}`,
    '--chunk-size=500',
    `--request-timeout=${seconds}s`,
  );
}

/** kubectl prints what it got and names the rest; undefined if it says anything that is not about one of the kinds. */
function refusedKinds(
  result: RunResult,
  kinds: readonly ScopedKind[],
  command: Command,
  context: string,
): Listed['unread'] | undefined {
  const lines = result.stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Warning:'));
  if (result.ended !== 'exited' || lines.length === 0) return undefined;
  const found = lines.map((line) => {
    const name = /^Error from server \(Forbidden\): (\S+) is forbidden: /.exec(line)?.[1];
    const scoped = kinds.find(({ resource }) => resource === name);
    return (
      scoped && { scoped, problem: problemOf('kubectl', command, { ...result, stdout: '', stderr: line }, context) }
    );
  });
  return found.some((one) => one === undefined) ? undefined : found.filter((one) => one !== undefined);
}

function ofOneKind({ kind }: Problem): boolean {
  return kind === 'forbidden' || kind === 'missing-crd' || kind === 'not-found' || kind === 'failed';
}

async function oneByOne(run: Run, place: ListTarget, kinds: readonly ScopedKind[], limits: Limits): Promise<Listed> {
  const all: Listed[] = [];
  for (const kind of kinds) all.push(await listKinds(run, place, [kind], limits));
  return merged(all);
}

export function merged(all: readonly Listed[]): Listed {
  return { objects: all.flatMap(({ objects }) => objects), unread: all.flatMap(({ unread }) => unread) };
}

function failed(kinds: readonly ScopedKind[], problem: Problem): Listed {
  return { objects: [], unread: kinds.map((scoped) => ({ scoped, problem })) };
}

function readOutput(text: string, kinds: readonly ScopedKind[]): readonly LiveObject[] | undefined {
  switch (kinds[0]!.manner) {
    case 'keys':
      return readKeys(text);
    case 'pod':
      return readPods(text);
    case 'template':
      return readTemplates(text);
    case 'json':
      return readJson(text, kinds);
  }
}

function readJson(text: string, kinds: readonly ScopedKind[]): readonly LiveObject[] | undefined {
  const lists = jsonTexts(text).map(parseJson);
  if (lists.some((list) => !isRecord(list))) return undefined;
  return lists
    .flatMap((list) => listAt(list, 'items'))
    .flatMap((item) => (isRecord(item) ? (kindAmong(item, kinds) ?? []) : []));
}

function kindAmong(item: Record<string, unknown>, kinds: readonly ScopedKind[]): LiveObject | undefined {
  const version = typeof item['apiVersion'] === 'string' ? item['apiVersion'] : '';
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
  const written = item['kind'];
  const scoped = kinds.find(
    ({ kind, resource, writtenKind = kind }) =>
      writtenKind === written && (resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : '') === group,
  );
  return scoped && liveObject(scoped.kind, item);
}
