// The output formats of each command.
import { groupBy } from '../base/group-by.ts';
import { commands, type Command } from './command-table.ts';
import { UsageError } from './user-error.ts';

/** The first is the default. */
const formatsOf = {
  check: ['text', 'json', 'sarif', 'github', 'junit'],
  access: ['table', 'json', 'csv', 'markdown'],
  graph: ['svg', 'mermaid', 'dot', 'json'],
  log: ['text', 'json'],
  learn: ['yaml', 'diff', 'json'],
  trace: ['text', 'json'],
  test: ['text', 'json', 'junit'],
  drift: ['text', 'json'],
  stats: ['text', 'json'],
  migrate: ['text', 'json'],
  new: ['text', 'json'],
  diff: ['text', 'json', 'markdown', 'sarif'],
} as const;
export type Format = (typeof formatsOf)[keyof typeof formatsOf][number];

/** Empty for a command that has only one. */
function formatsOfCommand(command: Command): readonly Format[] {
  return hasFormats(command) ? formatsOf[command] : [];
}

function hasFormats(command: Command): command is keyof typeof formatsOf {
  return Object.hasOwn(formatsOf, command);
}

/** Commands by the formats that they share, as `text|json`. */
export function commandsByFormats(): ReadonlyMap<string, readonly Command[]> {
  return groupBy(commands.filter(hasFormats), (command) => formatsOfCommand(command).join('|'));
}

export function formatOf(command: Command, given: string | undefined): Format {
  const allowed = formatsOfCommand(command);
  const format = given === undefined ? (allowed[0] ?? 'text') : allowed.find((one) => one === given);
  if (format === undefined) throw new UsageError(`--format ${given} is not valid: use ${allowed.join(', ')}`);
  return format;
}
