// Recorded answers: a letter a mutant. The mutants themselves come from the seed.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isOurs, type Answer } from './ask.ts';
import { mutants, type Mutant } from './generate.ts';

export interface Golden {
  readonly seed: number;
  /** Of the mutants: another generator makes others. */
  readonly hash: string;
  /** `r` refused, `t` taken, `w` taken with a warning. */
  readonly answers: string;
}

const file = path.join(import.meta.dirname, 'golden.json');

export function hashOf(list: readonly Mutant[]): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('hex').slice(0, 16);
}

function letterOf({ refused, warnings }: Answer): string {
  if (refused) return 'r';
  return warnings.some(isOurs) ? 'w' : 't';
}

export function writeGolden(seed: number, list: readonly Mutant[], answers: readonly Answer[]): void {
  const letters = answers.map(letterOf).join('');
  writeFileSync(file, `${JSON.stringify({ seed, hash: hashOf(list), answers: letters } satisfies Golden)}\n`);
}

export function readGolden(): Golden & { readonly mutants: readonly Mutant[] } {
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
  return { ...golden, mutants: mutants(golden.seed, golden.answers.length) };
}
