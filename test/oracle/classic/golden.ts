// The recorded form of Istio's answers: each text once, and numbers for it.
import path from 'node:path';
import type { Outcome } from './outcome.ts';

export interface PackedAnswer {
  readonly refused: readonly number[];
  /** One for each request: its place in `outcomes`. */
  readonly requests: readonly number[];
  readonly outcomes: readonly Outcome[];
}

export interface ClassicGolden {
  /** Of the meshes themselves: another generator makes others. */
  readonly generator: string;
  readonly seed: number;
  readonly count: number;
  readonly profiles: Record<string, readonly PackedAnswer[]>;
  /** Of each mesh in which an answer once differed, in two orders of age. */
  readonly onceDifferent: readonly (readonly PackedAnswer[])[];
}

export const goldenPath = path.join(import.meta.dirname, '..', 'golden', 'classic.json');

export function packClassic(answers: readonly Outcome[], refused: ReadonlySet<number>): PackedAnswer {
  const texts = answers.map((one) => JSON.stringify(one));
  const distinct = [...new Set(texts)];
  return {
    refused: [...refused],
    requests: texts.map((text) => distinct.indexOf(text)),
    outcomes: distinct.map((text) => JSON.parse(text) as Outcome),
  };
}

export function unpackClassic({ requests, outcomes }: PackedAnswer): readonly Outcome[] {
  return requests.map((place) => outcomes[place]!);
}
