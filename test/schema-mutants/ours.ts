// Our answer to the same question.
import { analyzeFiles } from '../../server/src/engine/analyze.ts';
import { refusingRules } from '../../server/src/schema/refusal.ts';
import type { Mutant } from './generate.ts';

export interface OurAnswer {
  readonly refused: boolean /** Said of a value, and said of it or of an older field: the webhook warns of some of the older fields. */;
  readonly discouraged: boolean;
  readonly noted: boolean;
  readonly messages: readonly string[];
}

export function ourAnswer(object: Mutant): OurAnswer {
  const { findings } = analyzeFiles([{ uri: 'file:///object.yaml', text: JSON.stringify(object, null, 1) }]);
  const errors = findings.filter(({ rule, severity }) => severity === 'error' && refusingRules.has(rule));
  const advice = findings.filter(({ rule }) => rule === 'discouraged-value' || rule === 'deprecated-field');
  return {
    refused: errors.length > 0,
    discouraged: advice.some(({ rule }) => rule === 'discouraged-value'),
    noted: advice.length > 0,
    messages: [...errors, ...advice].map(({ rule, message }) => `${rule}: ${message}`),
  };
}
