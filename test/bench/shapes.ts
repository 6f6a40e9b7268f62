// How the work for each answer grows with the mesh, in meshes of each shape: `node test/bench/shapes.ts [--from N] [--to M] [SHAPE...]`.
// Each answer is worked out in two sizes, each in a process of its own with a limit of time. Shown are the processor times in the larger
// one, and the exponent of the growth between both. Fails where an answer in the larger mesh takes over 10 s or did not come.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { shapes } from './shapes/shapes.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string', default: '2500' }, to: { type: 'string', default: '10000' } },
});
const [from, to] = [Number(values.from), Number(values.to)];
const seconds = 60;
const mostMs: Readonly<Record<string, number>> = { 'longest step': 16 };
const answers = ['check', 'trace', 'map', 'lens', 'edit', 'edit p99', 'longest step', 'longest step, worst', 'access'];

type Times = ReadonlyMap<string, number>;

function measured(shape: string, resources: number): Times {
  const script = fileURLToPath(new URL('shapes/measure.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [script, shape, String(resources)], {
    timeout: seconds * 1000,
    encoding: 'utf8',
  });
  if (stderr.includes('Error')) process.stderr.write(stderr);
  const lines = stdout.split('\n').filter((line) => line.endsWith('}'));
  return new Map(
    lines.map((line) => JSON.parse(line) as { answer: string; ms: number }).map(({ answer, ms }) => [answer, ms]),
  );
}

function cell(answer: string, small: Times, large: Times): string {
  const [a, b] = [small.get(answer), large.get(answer)];
  if (b === undefined) process.exitCode = 1;
  if (a === undefined || b === undefined) return a === undefined ? 'none' : `${a} ms, none`;
  if (b > (mostMs[answer] ?? 10_000)) process.exitCode = 1;
  // Below some milliseconds it is the noise that grows.
  const growth = a >= 5 && b >= 20 ? ` n^${(Math.log(b / a) / Math.log(to / from)).toFixed(1)}` : '';
  return `${b} ms${growth}`;
}

console.log(`| shape, ${to} resources | ${answers.join(' | ')} |`);
console.log(`|---|${answers.map(() => '---').join('|')}|`);
for (const { name } of shapes) {
  if (positionals.length > 0 && !positionals.some((part) => name.includes(part))) continue;
  const [small, large] = [measured(name, from), measured(name, to)];
  console.log(`| ${name} | ${answers.map((answer) => cell(answer, small, large)).join(' | ')} |`);
}
