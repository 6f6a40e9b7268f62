// kubectl requests for one manifest object: its current state, and a server-side dry run of an apply.
import { succeeded, type Command, type Run } from '../tools/command.ts';
import { at, listAt, parseJson, stringAt } from '../tools/parse-json.ts';
import { problemOf, unreadable, type Outcome } from '../tools/problem.ts';
import { kubectl, read, type Limits, type Tools } from '../tools/target.ts';
import { isRecord } from '../../base/is-record.ts';
import type { Manifest } from '../../model/manifest.ts';

export const fieldManager = 'istio-egress';

export interface ApplyRequest {
  readonly context: string;
  readonly tools: Tools;
  readonly items: readonly Manifest[];
}

/** The object in the cluster, if it exists. The manifest identifies it. */
export async function readLive(
  run: Run,
  request: Pick<ApplyRequest, 'context' | 'tools'>,
  item: Manifest,
  limits: Limits,
): Promise<Outcome<object | undefined>> {
  const command = kubectl(
    targetOf(request, item),
    'get',
    '--filename=-',
    '--ignore-not-found',
    '--show-managed-fields',
    '--output=json',
    '--request-timeout=13s',
  );
  const result = await read(run, command, limits, item.text);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, request.context) };
  return result.stdout.trim() === '' ? { ok: true, value: undefined } : objectOf(command, result.stdout);
}

/** The object as the API server would store it. */
export async function dryRun(
  run: Run,
  request: ApplyRequest,
  item: Manifest,
  force: boolean,
  limits: Limits,
): Promise<Outcome<object>> {
  const command = applyCommand(request, item, ['--dry-run=server', ...(force ? ['--force-conflicts'] : [])]);
  const result = await read(run, command, limits, item.text);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, request.context) };
  return objectOf(command, result.stdout);
}

export function applyCommand(
  request: Pick<ApplyRequest, 'context' | 'tools'>,
  item: Manifest,
  more: readonly string[] = [],
): Command {
  return kubectl(
    targetOf(request, item),
    'apply',
    '--server-side',
    `--field-manager=${fieldManager}`,
    '--filename=-',
    '--output=json',
    ...more,
  );
}

/** The namespace is said where there is one, so that an object that names none does not follow the context's. */
export function targetOf(
  { context, tools }: Pick<ApplyRequest, 'context' | 'tools'>,
  { namespace }: Pick<Manifest, 'namespace'>,
): Parameters<typeof kubectl>[0] {
  return { context, tools, ...(namespace === '' ? {} : { namespace }) };
}

/** With --ignore-not-found kubectl prints even one object as a list of one. */
function objectOf(command: Command, stdout: string): Outcome<object> {
  const printed = parseJson(stdout);
  const items = stringAt(printed, 'kind') === 'List' ? listAt(printed, 'items') : [];
  const value = items.length === 1 ? items[0] : printed;
  if (isRecord(value) && stringAt(value, 'kind') !== 'List' && at(value, 'metadata') !== undefined)
    return { ok: true, value };
  return { ok: false, problem: unreadable('kubectl', command, 'one object as JSON') };
}

export interface FieldConflict {
  readonly manager: string;
  readonly fields: readonly string[];
}

/** `conflict with "M" using GROUP/VERSION: .spec.x`, or `conflicts with "M" …:` and a list below. */
export function conflictsIn(text: string): readonly FieldConflict[] {
  const found = text.matchAll(/conflicts? with "([^"]+)"[^:\n]*:((?: \.\S.*)|(?:\n- .+)+)/g);
  return [...found].map(([, manager = '', fields = '']) => ({
    manager,
    fields: fields
      .split('\n')
      .map((line) => line.replace(/^-? ?/, '').trim())
      .filter((field) => field !== ''),
  }));
}
