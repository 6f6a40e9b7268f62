// Fields that stay in an object although its file no longer has them: server-side apply removes only fields of the same manager.
import { succeeded, type Run } from '../tools/command.ts';
import type { ApplyRequest } from './apply-request.ts';
import { fieldDifferences } from '../objects/field-differences.ts';
import { listAt, parseJson, stringAt } from '../tools/parse-json.ts';
import { authored } from '../objects/live-object.ts';
import { isToolNote } from '../tools/tool-notes.ts';
import { kubectl, read, type Limits } from '../tools/target.ts';
import { isRecord } from '../../base/is-record.ts';
import type { Manifest } from '../../model/manifest.ts';

/** Paths of spec and labels. Also empty if the user has no permission to read them, which needs the permission to update. */
export async function keptFields(
  run: Run,
  { context, tools }: Pick<ApplyRequest, 'context' | 'tools'>,
  item: Manifest,
  planned: object,
  limits: Limits,
): Promise<readonly string[]> {
  const target = { context, tools, ...(item.namespace === '' ? {} : { namespace: item.namespace }) };
  const result = await read(
    run,
    kubectl(target, 'replace', '--dry-run=server', '--filename=-', '--output=json'),
    limits,
    item.text,
  );
  const printed = succeeded(result) ? parseJson(result.stdout) : undefined;
  const alone = stringAt(printed, 'kind') === 'List' ? listAt(printed, 'items')[0] : printed;
  if (!isRecord(alone)) return [];
  return fieldDifferences(authored(alone), authored(planned))
    .filter((one) => one.cluster !== undefined && /^(?:spec|metadata\.labels)\b/.test(one.path) && !isToolNote(one))
    .map(({ path }) => path);
}
