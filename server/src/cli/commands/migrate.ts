import { visibleLine } from '../../base/visible.ts';
import { applyEdits } from '../../base/text-edit.ts';
import { Draft, isEditable } from '../../engine/draft.ts';
import { gatewaysLeft } from '../../features/refactorings/migrate/gateways-left.ts';
import { migration, type Migration } from '../../features/refactorings/migrate/migration.ts';
import { leadsIn } from '../../features/refactorings/migrate/requests-of-lead.ts';
import { requestAndClient } from '../../features/facts/request-words.ts';
import { describe } from '../../model/resource.ts';
import { UsageError, type Arguments } from '../args.ts';
import { tellNothingFound } from '../counts.ts';
import { fixHostOf } from '../fix-host.ts';
import type { CliHost } from '../host.ts';
import { load, type Loaded } from '../load.ts';
import { diffOf, writeFiles, type PlannedFiles } from '../planned-files.ts';
import type { RuleBook } from '../rule-book.ts';
import { UserError } from '../user-error.ts';

/**
 * Moves hosts from egress gateways of sidecars to waypoints, after a look at the requests before and after, and at the diff. Exit code 1
 * where a request that reaches its host today does not any more.
 */
export function migrate(args: Arguments, host: CliHost, book: RuleBook): number | Promise<number> {
  if (args.paths.includes('-'))
    throw new UsageError('migrate changes files and cannot read standard input: give a PATH');
  const mustAsk = !args.yes && !args.dryRun;
  if (mustAsk && !host.canAsk)
    throw new UserError(
      'migrate asks before it changes files, and this is not a terminal: add --yes to write them, or --dry-run to see the changes',
    );
  const loaded = load(args, host, book);
  tellNothingFound(loaded, host);
  const draft = new Draft(loaded.workspace, fixHostOf(loaded, host));
  const { mesh } = loaded.workspace;
  const leads = leadsIn(mesh).filter(({ uri }) => isEditable(uri));
  const found = migration(draft, mesh, leads, args.remove);
  for (const gateway of gatewaysLeft(mesh, found?.leads ?? []))
    host.stderr(
      `${describe(gateway)} is an egress gateway, but no request gets out through it: its hosts are not moved.\n`,
    );
  if (!found) {
    host.stderr('Nothing to migrate: no route sends outside hosts through an egress gateway.\n');
    if (args.format === 'json') host.stdout(jsonOf({ leads: [], requests: [], lost: [] }, ''));
    return 0;
  }
  const planned = plannedFiles(draft, loaded);
  const diff = diffOf(planned, host);
  host.stdout(args.format === 'json' ? jsonOf(found, diff) : `${textOf(found)}\n${diff}`);
  const code = found.requests.some(isBroken) ? 1 : 0;
  if (args.dryRun) return code;
  const write = () => {
    writeFiles(planned, host, 'migrate');
    host.stderr(`${planned.after.size} ${planned.after.size === 1 ? 'file' : 'files'} written.\n`);
    return code;
  };
  if (!mustAsk) return write();
  return host.ask(`Write ${planned.after.size} files? [y/N] `).then((isWanted) => {
    if (isWanted) return write();
    host.stderr('No file changed.\n');
    return code;
  });
}

function plannedFiles(draft: Draft, { textOf: read }: Loaded): PlannedFiles {
  const changes = draft.changes().map(({ uri, created, edits }) => {
    const before = created ? '' : (read(uri) ?? '');
    return { uri, before, after: applyEdits(before, edits) };
  });
  return {
    before: new Map(changes.map(({ uri, before }) => [uri, before])),
    after: new Map(changes.map(({ uri, after }) => [uri, after])),
  };
}

type Compared = Migration['requests'][number];

/** It gets out today, and not after the migration. */
function isBroken({ before, after, isSameOutcome }: Compared): boolean {
  return !isSameOutcome && isReached(before) && !isReached(after);
}

function isReached(outcome: string): boolean {
  return outcome.startsWith('allowed') || outcome.startsWith('bypasses');
}

function textOf({ leads, requests, lost }: Migration): string {
  const lines = [
    `Migrate to a waypoint: ${leads.map(describe).join(', ')}`,
    '',
    'Requests, before and after:',
    ...requests.flatMap((one) => [
      `  ${markOf(one)} ${requestAndClient(one.request)}`,
      `      before  ${one.before}`,
      `      after   ${one.after}`,
    ]),
    '',
    'Not carried over:',
    ...lost.map((one) => `  - ${one}`),
    '',
  ];
  return lines.map(visibleLine).join('\n');
}

function markOf(one: Compared): string {
  if (one.isSameOutcome) return '=';
  return isBroken(one) ? '!' : '~';
}

function jsonOf({ leads, requests, lost }: Migration, diff: string): string {
  const [services, routes] = [true, false].map((isService) =>
    leads.filter(({ kind }) => (kind === 'VirtualService') === isService).map(describe),
  );
  const compared = requests.map(({ request, before, after, isSameOutcome }) => ({
    request: requestAndClient(request),
    before,
    after,
    same: isSameOutcome,
  }));
  const found = { version: 1, virtualServices: services, routes, requests: compared, notCarriedOver: lost, diff };
  return `${JSON.stringify(found, null, 2)}\n`;
}
