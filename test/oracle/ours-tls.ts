// Our answers about TLS, in the words of `describeTls`.
import type { DestinationRuleChoice } from '../../server/src/mesh/destination-rules/destination-rule-for.ts';
import { tlsOfRule, tlsOfSubset, type TlsSource } from '../../server/src/mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../server/src/model/resource.ts';
import type { ServiceEntryPort } from '../../server/src/model/specs.ts';
import { answerOf } from '../kit/mesh-answer.ts';
import { describeTls } from './answer.ts';

export function sourceWords(source: TlsSource, chain: 'http' | 'tcp', entry: Resource<'ServiceEntry'>): string {
  return describeTls(answerOf(source, chain, entry));
}

/** Every rule that age could have win; undefined where there is no such list. */
export function undecidedWords(
  choice: DestinationRuleChoice,
  port: ServiceEntryPort,
  chain: 'http' | 'tcp',
  entry: Resource<'ServiceEntry'>,
  subset?: string,
): readonly string[] | undefined {
  if (choice.state !== 'undetermined') return undefined;
  if (
    subset !== undefined &&
    choice.candidates.some(({ spec }) => !spec.subsets.some(({ name }) => name?.value === subset))
  )
    return undefined;
  return choice.candidates.map((rule) => {
    const number = port.number?.value ?? 0;
    const { mode, tls, portLevel } =
      (subset === undefined ? undefined : tlsOfSubset(rule, subset, number)) ?? tlsOfRule(rule, number);
    return mode && tls ? sourceWords({ by: 'DestinationRule', rule, tls, portLevel }, chain, entry) : 'plain';
  });
}
