// Shows the result of a cluster operation to the user, with actions, and writes it to the output channel.
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import type { Problem } from '../../../server/src/cluster/tools/problem.ts';
import type { Notice } from '../../../server/src/cluster/provision/provision-notices.ts';
import type { Verified } from '../../../server/src/cluster/provision/verify-provision.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { showPlain, type Level } from './show-plain.ts';

/** A button below the message. */
export interface MessageAction {
  readonly label: string;
  readonly go: () => unknown;
}

export interface MessageOptions {
  /** For the output only. */
  readonly details?: readonly string[];
  readonly actions?: readonly MessageAction[];
}

/** Does not wait for the user. */
export function showMessage(
  { output }: Pick<EgressContext, 'output'>,
  level: Level,
  message: string,
  { details = [], actions = [] }: MessageOptions = {},
): void {
  output[level](message);
  for (const detail of details) output.info(detail);
  const all = [...actions, { label: 'Show Output', go: () => output.show() }];
  const ask = async () => {
    const chosen = await showPlain(level, message, ...all.map(({ label }) => label));
    await all.find(({ label }) => label === chosen)?.go();
  };
  runInBackground(output, message, ask());
}

export function showProblem(egress: EgressContext, problem: Problem, actions: readonly MessageAction[] = []): void {
  showMessage(egress, levelOf(problem), `${problem.message} ${problem.advice}`, {
    details: detailsOf(problem),
    actions,
  });
}

export function levelOf({ kind }: Problem): Level {
  return kind === 'cancelled' ? 'warn' : 'error';
}

export function detailsOf({ details }: Problem): readonly string[] {
  return details === undefined ? [] : [details];
}

export function showVerified(egress: EgressContext, verified: Verified, actions: readonly MessageAction[]): void {
  const { message, notices } = verified;
  const level = verified.outcome === 'programmed' && notices.length === 0 ? 'info' : 'warn';
  const advice = adviceOf(verified);
  const others = notices.map((notice) => ` ${notice.message} ${notice.advice}`).join('');
  showMessage(egress, level, `${message}${advice}${others}`, { details: notices.flatMap(repairOf), actions });
}

function adviceOf(verified: Verified): string {
  if ('advice' in verified) return ` ${verified.advice}`;
  return verified.outcome === 'failed' ? ` ${verified.problem.advice}` : '';
}

function repairOf({ command }: Notice): readonly string[] {
  return command ? [`  ${shellQuoted(command)}`] : [];
}
