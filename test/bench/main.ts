// Every target against its peer, in one run: `npm run build && npm run bench`. `--quick` takes some minutes, in smaller folders;
// `--write` puts the table into README.md; TOPIC... measures only those, and the other rows stay. Without a choice of topics the
// shapes and the answers of an editor come after the table.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureFastLane } from './fast-lane.ts';
import { measureIndex } from './index.ts';
import { circumstances, head, rowText, type Row, type Topic } from './kit/report.ts';
import { measureMemory } from './memory.ts';
import { measureStarts } from './starts.ts';
import { measureTyping } from './typing.ts';

const topics: Readonly<Record<string, Topic>> = {
  starts: measureStarts,
  index: measureIndex,
  memory: measureMemory,
  'fast-lane': measureFastLane,
  typing: measureTyping,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(topics);
const unknown = chosen.find((name) => !Object.hasOwn(topics, name));
if (unknown !== undefined) throw new Error(`there is no topic "${unknown}": ${Object.keys(topics).join(', ')}`);

const load = loadavg()[0]!;
const rows: Row[] = [];
console.log(head);
for (const name of chosen)
  await topics[name]!(values, (row) => {
    rows.push(row);
    console.log(rowText(row));
  });
const where = `${circumstances(new Date(), load)}${values.quick ? '; `--quick`' : ''}.`;
console.log(where);
if (values.write) writeTable();
if (positionals.length === 0 && !values.quick)
  for (const file of ['shapes', 'check', 'trace', 'editor']) {
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${file}.ts`)], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }

/** Rows of topics that were not measured now stay, with what is told of them. */
function writeTable(): void {
  const path = join(import.meta.dirname, 'README.md');
  const text = readFileSync(path, 'utf8');
  const marked = /(<!-- measured -->\n)([^]*?)(<!-- end of measured -->)/;
  const before = marked.exec(text)?.[2];
  if (before === undefined) throw new Error('README.md has no place for the table');
  const [whereBefore = '', ...lines] = before.split('\n');
  const measured = new Map(rows.map((row) => [labelOf(rowText(row)), rowText(row)]));
  const stays = lines.filter((line) => line.startsWith('| ') && !head.startsWith(line));
  const all = new Map([...stays.map((line) => [labelOf(line), line] as const), ...measured]);
  const others = positionals.length === 0 ? '' : ` Of ${chosen.join(' and ')}; the other rows: ${whereBefore}`;
  const table = [where + others, '', head, ...(positionals.length === 0 ? measured : all).values()].join('\n');
  writeFileSync(
    path,
    text.replace(marked, (_, start: string, _before: string, end: string) => `${start}${table}\n${end}`),
  );
}

function labelOf(row: string): string {
  return row.split(' | ')[0]!;
}
