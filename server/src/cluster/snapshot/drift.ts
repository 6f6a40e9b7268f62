// Differences between files and cluster. The API server computes the result of each file in a dry run, so that
// defaults are on both sides.
import type { Kind } from '../../model/kinds.ts';
import { succeeded, type Run } from '../tools/command.ts';
import { applyCommand } from '../apply/apply-request.ts';
import { fieldDifferences, type FieldDifference } from '../objects/field-differences.ts';
import { labelsOf } from '../objects/live-gateway.ts';
import { listAt, parseJson, stringAt } from '../tools/parse-json.ts';
import { authored, type LiveObject } from '../objects/live-object.ts';
import { jsonTexts } from '../objects/projections.ts';
import { problemOf, unreadable, type Outcome } from '../tools/problem.ts';
import { egressKinds, scope } from '../objects/scope.ts';
import type { Snapshot } from './snapshot.ts';
import { kubectl, read, type Limits, type Tools } from '../tools/target.ts';
import { isToolNote } from '../tools/tool-notes.ts';
import { isRecord } from '../../base/is-record.ts';

/** An object as the files describe it. */
export interface FileObject {
  /** The caller's own. */
  readonly id: string;
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  /** Plain, with its namespace in it. */
  readonly object: object;
}

export interface DriftRequest {
  readonly snapshot: Snapshot;
  readonly tools: Tools;
  readonly files: readonly FileObject[];
  /** Whether the files may hold more of a kind in a namespace than could be read: then nothing there is called extra. */
  readonly mayHoldMore: (kind: Kind, namespace: string) => boolean;
}

export type Drift =
  | { readonly what: 'missing'; readonly file: FileObject }
  /** In the cluster only. */
  | { readonly what: 'extra'; readonly live: LiveObject }
  | {
      readonly what: 'different';
      readonly file: FileObject;
      readonly live: LiveObject;
      readonly fields: readonly FieldDifference[] /** What the cluster would hold if there were only the file. */;
      readonly alone: object;
    }
  /** `byDesign`: never compared, the caller. */
  | { readonly what: 'not-compared'; readonly file: FileObject; readonly why: string; readonly byDesign: boolean };

/** In the order of the files, then what is extra. */
export async function readDrift(run: Run, request: DriftRequest, limits: Limits = {}): Promise<readonly Drift[]> {
  const live = new Map(request.snapshot.objects.map((object) => [keyOf(object), object]));
  const known = request.files.map((file) => ({ file, early: withoutComparing(request, file, live) }));
  const files = known.filter(({ early }) => early === undefined).map(({ file }) => file);
  const alone = await aloneInCluster(run, request, files, limits);
  const compared = known.map(({ file, early }) => early ?? compare(file, live.get(keyOf(file))!, alone.get(file)!));
  return [...compared.filter((one) => one !== undefined && one !== 'same'), ...extras(request)];
}

const wholly: ReadonlySet<Kind> = new Set(scope.filter(({ manner }) => manner === 'json').map(({ kind }) => kind));

function withoutComparing(
  { snapshot }: DriftRequest,
  file: FileObject,
  live: ReadonlyMap<string, LiveObject>,
): Drift | undefined {
  const skipped = (why: string, byDesign = false): Drift => ({ what: 'not-compared', file, why, byDesign });
  if (!wholly.has(file.kind))
    return skipped(
      file.kind === 'Secret' ? 'values of secrets are never read' : 'it does not affect egress by itself',
      true,
    );
  const unread = snapshot.unread.find(({ kind }) => kind === file.kind);
  if (unread) return skipped(unread.problem.message);
  if (live.has(keyOf(file))) return undefined;
  if (file.namespace !== '' && snapshot.namespaces && !snapshot.namespaces.includes(file.namespace))
    return skipped(`namespace ${file.namespace} was not read`, true);
  return { what: 'missing', file };
}

function compare(file: FileObject, live: LiveObject, alone: Outcome<object>): Drift | 'same' {
  if (!alone.ok) return { what: 'not-compared', file, why: alone.problem.message, byDesign: false };
  const fields = fieldDifferences(authored(alone.value), authored(live.object)).filter((one) => !isToolNote(one));
  return fields.length === 0 ? 'same' : { what: 'different', file, live, fields, alone: authored(alone.value) };
}

/** What each object would be if there were nothing but its file. All in one call; where that fails, one by one. */
async function aloneInCluster(
  run: Run,
  request: DriftRequest,
  files: readonly FileObject[],
  limits: Limits,
): Promise<ReadonlyMap<FileObject, Outcome<object>>> {
  if (files.length === 0) return new Map();
  const together = await replaceDry(run, request, files, limits);
  if (together.ok && together.value.length === files.length)
    return new Map(files.map((file, i) => [file, { ok: true, value: together.value[i]! }]));
  const found = new Map<FileObject, Outcome<object>>();
  for (const file of files) found.set(file, await oneAlone(run, request, file, limits));
  return found;
}

async function oneAlone(run: Run, request: DriftRequest, file: FileObject, limits: Limits): Promise<Outcome<object>> {
  const replaced = await replaceDry(run, request, [file], limits);
  if (replaced.ok) return { ok: true, value: replaced.value[0]! };
  if (replaced.problem.kind !== 'forbidden') return replaced;
  // A user who may only patch can still compute the object with the file's own fields.
  const { context } = request.snapshot;
  const command = applyCommand(
    { context, tools: request.tools },
    { id: '', kind: file.kind, namespace: file.namespace, name: file.name, text: '', errors: [] },
    ['--dry-run=server', '--force-conflicts'],
  );
  const result = await read(run, command, limits, JSON.stringify(file.object));
  const value = succeeded(result) ? parseJson(result.stdout) : undefined;
  return isRecord(value) ? { ok: true, value } : { ok: false, problem: problemOf('kubectl', command, result, context) };
}

async function replaceDry(
  run: Run,
  { snapshot, tools }: DriftRequest,
  files: readonly FileObject[],
  limits: Limits,
): Promise<Outcome<readonly object[]>> {
  const command = kubectl(
    { context: snapshot.context, tools },
    'replace',
    '--dry-run=server',
    '--filename=-',
    '--output=json',
  );
  // Without a separator: a line of dashes is not JSON, and kubectl then reads only the first object.
  const result = await read(
    run,
    command,
    { timeoutMs: 60_000, ...limits },
    files.map(({ object }) => JSON.stringify(object)).join('\n'),
  );
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, snapshot.context) };
  const values = jsonTexts(result.stdout)
    .map(parseJson)
    .filter(isRecord)
    .flatMap((value) => (stringAt(value, 'kind') === 'List' ? listAt(value, 'items') : [value]));
  if (values.length !== files.length || !values.every(isRecord))
    return { ok: false, problem: unreadable('kubectl', command, 'each object as JSON') };
  return { ok: true, value: values };
}

/** Only kinds that users write for egress, only in namespaces where the files do so, and nothing that a controller made. */
function extras({ snapshot, files, mayHoldMore }: DriftRequest): readonly Drift[] {
  const described = new Set(files.filter(({ kind }) => egressKinds.has(kind)).map(({ namespace }) => namespace));
  const written = new Set(files.map(keyOf));
  return snapshot.objects
    .filter(
      (live) =>
        egressKinds.has(live.kind) &&
        described.has(live.namespace) &&
        !written.has(keyOf(live)) &&
        !mayHoldMore(live.kind, live.namespace) &&
        !isMade(live.object),
    )
    .map((live) => ({ what: 'extra', live }));
}

function isMade(object: object): boolean {
  return listAt(object, 'metadata', 'ownerReferences').length > 0 || labelsOf(object).has('gateway.istio.io/managed');
}

function keyOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${kind} ${namespace}/${name}`;
}
