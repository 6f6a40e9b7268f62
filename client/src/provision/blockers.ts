// The blockers of a plan, and the actions that the user can choose.
import { env } from 'vscode';
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import { askPlain } from '../ui/show-plain.ts';
import type { ProvisionPlan } from '../../../server/src/cluster/provision/provision.ts';
import type { ProvisionRequest } from '../../../server/src/cluster/provision/provision-request.ts';

/** Another request to plan for; undefined if the user stops here. */
export async function resolveBlockers({
  request,
  facts,
  blockers,
}: ProvisionPlan): Promise<ProvisionRequest | undefined> {
  const enrolled = blockers.length === 1 && blockers[0]?.code === 'already-enrolled';
  const same = facts.namespace !== 'missing' && facts.namespace.useWaypoint === request.name;
  const overwrite = same ? 'Apply Again' : 'Replace It';
  const leave = 'Do Not Enroll';
  const copy = 'Copy Command';
  const command = blockers.find((blocker) => blocker.command)?.command;
  const buttons = [...(enrolled ? [overwrite] : []), ...(enrolled && !same ? [leave] : []), ...(command ? [copy] : [])];
  const detail = blockers
    .map(({ message, advice, command: repair }) =>
      [message, advice, ...(repair ? [shellQuoted(repair)] : [])].join('\n'),
    )
    .join('\n\n');
  const chosen = await askPlain('Nothing was applied.', { detail }, ...buttons);
  if (chosen === copy && command) await env.clipboard.writeText(shellQuoted(command));
  if (chosen === overwrite) return { ...request, overwrite: true };
  return chosen === leave ? { ...request, enroll: false } : undefined;
}
