// refresh.ts [--count N] [--seed S] [--show N] [--kubeconfig FILE] [--write]: asks a real API server with Istio's webhook about mutants
// and compares with our answers. Without --kubeconfig it starts a cluster of its own (test/peers). `--write` keeps the answers as goldens.
import { parseArgs } from 'node:util';
import { startCluster } from '../kit/peers.ts';
import { asker, isOurs, type Answer } from './ask.ts';
import { mutants, unchanged, type Mutant } from './generate.ts';
import { writeGolden } from './golden.ts';
import { ourAnswer } from './ours.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '40' },
    kubeconfig: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const [count, seed, show] = [Number(values.count), Number(values.seed), Number(values.show)];
// The experimental definitions have everything that the standard ones have.
process.env['GATEWAY_CHANNEL'] ??= 'experimental';
const cluster = values.kubeconfig === undefined ? await startCluster() : undefined;
const ask = asker(values.kubeconfig ?? cluster!.kubeconfig);

for (const original of unchanged()) {
  const { refused, message } = await ask(original);
  if (refused || ourAnswer(original).refused)
    throw new Error(
      `An original is refused: ${JSON.stringify(original)}\n${message}\n${ourAnswer(original).messages.join('\n')}`,
    );
}
const list = mutants(seed, count);
const answers = await inTurn(list);
report(list, answers);
if (values.write) writeGolden(seed, list, answers);
cluster?.stop();

async function inTurn(objects: readonly Mutant[]): Promise<readonly Answer[]> {
  const found: Answer[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let i = next++; i < objects.length; i = next++) found[i] = await ask(objects[i]!);
    }),
  );
  return found;
}

interface Row {
  mutants: number;
  refused: number;
  different: number;
  warned: number;
  otherAdvice: number;
}

function report(objects: readonly Mutant[], theirs: readonly Answer[]): void {
  const rows: Record<string, Row> = {};
  const shown: string[] = [];
  for (const [i, object] of objects.entries()) {
    const row = (rows[`${object.apiVersion.split('.')[0]}/${object.kind}`] ??= {
      mutants: 0,
      refused: 0,
      different: 0,
      warned: 0,
      otherAdvice: 0,
    });
    const answer = theirs[i]!;
    const ours = ourAnswer(object);
    row.mutants++;
    if (answer.refused) row.refused++;
    if (answer.refused !== ours.refused) {
      row.different++;
      shown.push(
        `${i} ${object.kind} ${answer.refused ? `REFUSED there: ${answer.message.slice(0, 400)}` : `TAKEN there; ours: ${ours.messages.join(' ')}`}\n   ${JSON.stringify(object.spec)}`,
      );
    } else if (!answer.refused) {
      if (answer.warnings.length > 0) row.warned++;
      if (answer.warnings.some(isOurs) ? !ours.noted : ours.discouraged) {
        row.otherAdvice++;
        shown.push(
          `${i} ${object.kind} ${ours.discouraged ? `NO WARNING there; ours: ${ours.messages.join(' ')}` : `WARNS: ${answer.warnings.join(' ')}`}\n   ${JSON.stringify(object.spec)}`,
        );
      }
    }
  }
  console.table(rows);
  const total = (field: keyof Row) => Object.values(rows).reduce((sum, row) => sum + row[field], 0);
  console.log(
    `seed ${seed}: ${total('mutants')} mutants, ${total('refused')} refused there, ${total('different')} verdicts differ, ${total('warned')} warned of, ${total('otherAdvice')} warnings differ`,
  );
  console.log(shown.slice(0, show).join('\n'));
  process.exitCode = total('different') + total('otherAdvice') > 0 ? 1 : 0;
}
