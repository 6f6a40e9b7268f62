// How something on a cluster went, in words: to the person, with ways on, and to the output channel.
import { l10n, window } from 'vscode';
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import type { Problem } from '../../../server/src/cluster/tools/problem.ts';
import type { Notice } from '../../../server/src/cluster/provision/provision-notices.ts';
import type { Verified } from '../../../server/src/cluster/provision/verify-provision.ts';
import type { EgressContext } from '../extension-context.ts';

export type Level = 'info' | 'warn' | 'error';

/** A button below what is told. */
export interface Way {
  readonly label: string;
  readonly go: () => unknown;
}

export interface Telling {
  /** For the output only. */
  readonly details?: readonly string[];
  readonly ways?: readonly Way[];
}

const shows = { info: window.showInformationMessage, warn: window.showWarningMessage, error: window.showErrorMessage };

/** Does not wait for the person. */
export function tell(
  { output }: EgressContext,
  level: Level,
  message: string,
  { details = [], ways = [] }: Telling = {},
): void {
  output[level](message);
  for (const detail of details) output.info(detail);
  const all = [...ways, { label: l10n.t('Show Output'), go: () => output.show() }];
  void shows[level](message, ...all.map(({ label }) => label)).then((chosen) =>
    all.find(({ label }) => label === chosen)?.go(),
  );
}

export function tellProblem(egress: EgressContext, problem: Problem, ways: readonly Way[] = []): void {
  tell(egress, levelOf(problem), `${problem.message} ${problem.advice}`, { details: detailsOf(problem), ways });
}

export function levelOf({ kind }: Problem): Level {
  return kind === 'cancelled' ? 'warn' : 'error';
}

export function detailsOf({ details }: Problem): readonly string[] {
  return details === undefined ? [] : [details];
}

export function tellVerified(egress: EgressContext, verified: Verified, ways: readonly Way[]): void {
  const { message, notices } = verified;
  const level = verified.outcome === 'programmed' && notices.length === 0 ? 'info' : 'warn';
  const advice =
    'advice' in verified ? ` ${verified.advice}` : verified.outcome === 'failed' ? ` ${verified.problem.advice}` : '';
  const others = notices.map((notice) => ` ${notice.message} ${notice.advice}`).join('');
  tell(egress, level, `${message}${advice}${others}`, { details: notices.flatMap(repairOf), ways });
}

function repairOf({ command }: Notice): readonly string[] {
  return command ? [`  ${shellQuoted(command)}`] : [];
}
