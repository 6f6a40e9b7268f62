// How a provisioning went, in words: to the person and to the output channel.
import { l10n, window } from 'vscode';
import { shellQuoted } from '../../../server/src/cluster/command.ts';
import type { Applied } from '../../../server/src/cluster/apply-provision.ts';
import type { Problem } from '../../../server/src/cluster/problem.ts';
import type { Notice } from '../../../server/src/cluster/provision-notices.ts';
import type { Verified } from '../../../server/src/cluster/verify-provision.ts';
import type { EgressContext } from '../context.ts';

type Level = 'info' | 'warn' | 'error';

const shows = { info: window.showInformationMessage, warn: window.showWarningMessage, error: window.showErrorMessage };

/** Details go to the output only. Does not wait for the person. */
export function tell({ output }: EgressContext, level: Level, message: string, details: readonly string[] = []): void {
  output[level](message);
  for (const detail of details) output.info(detail);
  const button = l10n.t('Show Output');
  void shows[level](message, button).then((chosen) => { if (chosen === button) output.show(); });
}

export function tellProblem(egress: EgressContext, problem: Problem): void {
  const level = problem.kind === 'cancelled' ? 'warn' : 'error';
  tell(egress, level, `${problem.message} ${problem.advice}`, problem.details === undefined ? [] : [problem.details]);
}

/** Of what did not simply go well; the cluster is then not watched. */
export function tellNotApplied(egress: EgressContext, applied: Exclude<Applied, { readonly outcome: 'applied' | 'unclear' }>): void {
  if (applied.outcome === 'nothing-applied') return tell(egress, 'warn', `${applied.message} ${applied.advice}`);
  const { outcome, message, problem } = applied;
  tell(egress, outcome === 'cancelled' ? 'warn' : 'error', `${message} ${problem.advice}`, problem.details === undefined ? [] : [problem.details]);
}

export function tellVerified(egress: EgressContext, verified: Verified): void {
  const { message, notices } = verified;
  const level = verified.outcome === 'programmed' ? (notices.length > 0 ? 'warn' : 'info') : 'warn';
  const advice = 'advice' in verified ? ` ${verified.advice}` : verified.outcome === 'failed' ? ` ${verified.problem.advice}` : '';
  const others = notices.map((notice) => ` ${notice.message} ${notice.advice}`).join('');
  tell(egress, level, `${message}${advice}${others}`, notices.flatMap(repairOf));
}

function repairOf({ command }: Notice): readonly string[] {
  return command ? [`  ${shellQuoted(command)}`] : [];
}
