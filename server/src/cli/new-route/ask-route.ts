// The questions about a new route, at a terminal.
import { visibleLine } from '../../base/visible.ts';
import type { RouteQuestion } from '../../features/new-route/route-questions.ts';
import type { CliHost } from '../host.ts';

const mostShown = 12;

/** Undefined where the user ends the input. An answer is a text, or the number of a choice. */
export async function askRoute(question: RouteQuestion, host: CliHost): Promise<string | undefined> {
  const { choices, value, problem, takesMany, title } = question;
  const shown = choices.slice(0, mostShown);
  const width = Math.max(0, ...shown.map((choice) => choice.value.length));
  const lines = [
    ...(problem === null ? [] : [visibleLine(problem)]),
    `${title}${takesMany ? ' (several: separate them with commas)' : ''}`,
    ...shown.map(
      (choice, at) => `  ${at + 1}) ${visibleLine(`${choice.value.padEnd(width)}  ${choice.detail}`.trimEnd())}`,
    ),
  ];
  const typed = await host.askLine(`${lines.join('\n')}\n${value === '' ? '> ' : `[${visibleLine(value)}] > `}`);
  if (typed === undefined) return undefined;
  if (typed === '') return value;
  return typed
    .split(',')
    .map((part) => shown[Number(part.trim()) - 1]?.value ?? part.trim())
    .join(',');
}
