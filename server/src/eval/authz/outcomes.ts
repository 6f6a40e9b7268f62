// Logic of three values: what is unknown stays unknown unless another value decides.
import type { Outcome } from './verdict.ts';

export function anyOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('yes')) return 'yes';
  return outcomes.includes('unknown') ? 'unknown' : 'no';
}

export function allOf(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('no')) return 'no';
  return outcomes.includes('unknown') ? 'unknown' : 'yes';
}

export function not(outcome: Outcome): Outcome {
  if (outcome === 'unknown') return outcome;
  return outcome === 'yes' ? 'no' : 'yes';
}
