// The output formats of each command.
import type { Command } from './options.ts';
import { UsageError } from './user-error.ts';

/** Of findings. */
const reportFormats = ['text', 'json', 'sarif', 'github', 'junit'] as const;
/** Output formats other than those for findings; the first is the default. */
const formatsOf = {
  access: ['table', 'json', 'csv', 'markdown'],
  graph: ['svg', 'mermaid', 'dot', 'json'],
  log: ['text', 'json'],
  learn: ['yaml', 'diff', 'json'],
  trace: ['text', 'json'],
  test: ['text', 'json', 'junit'],
  drift: ['text', 'json'],
  migrate: ['text', 'json'],
  new: ['text', 'json'],
  diff: ['text', 'json', 'markdown', 'sarif'],
} as const;
export type Format = (typeof reportFormats)[number] | (typeof formatsOf)[keyof typeof formatsOf][number];

export function formatOf(command: Command, given: string | undefined): Format {
  const allowed: readonly Format[] =
    command in formatsOf ? formatsOf[command as keyof typeof formatsOf] : reportFormats;
  const format = given === undefined ? allowed[0] : allowed.find((one) => one === given);
  if (format === undefined) throw new UsageError(`--format ${given} is not valid: use ${allowed.join(', ')}`);
  return format;
}
