// Records what Go's regexp says of random patterns: node test/unit/base/patterns/go-answers.ts
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomPatterns, type PatternQuestion } from '../../../kit/random-patterns.ts';

export const recordedCount = 3000;
export const recordedSeed = 1;
export const recordedFile = join(import.meta.dirname, 'golden/go-answers.txt');

/** A line for each question: `-` for an invalid pattern, otherwise a digit for each text. */
export function askGo(questions: readonly PatternQuestion[]): readonly string[] {
  const { stdout, stderr, status } = spawnSync(
    'go',
    ['run', join(import.meta.dirname, '../../../peers/regexp/main.go')],
    {
      input: questions.map((one) => JSON.stringify(one)).join('\n'),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout.trimEnd().split('\n');
}

if (import.meta.main) writeFileSync(recordedFile, `${askGo(randomPatterns(recordedCount, recordedSeed)).join('\n')}\n`);
