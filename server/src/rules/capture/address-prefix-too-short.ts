import { networkOf, parseRange } from '../../names/addresses.ts';
import { defineRule } from '../rule.ts';

export const addressPrefixTooShort = defineRule({
  id: 'address-prefix-too-short',
  stage: 'capture',
  summary:
    'The ServiceEntry takes the traffic of a whole range, because an address has a prefix length that is too short.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: [],

  *check(entry) {
    for (const [index, { value, span }] of entry.spec.addresses.entries()) {
      const range = parseRange(value);
      if (!range) continue;
      const width = range.family === 4 ? 32 : 128;
      const own = range.bits & ((1n << BigInt(width - range.prefix)) - 1n);
      if (own === 0n) continue;
      const isLengthOfIpv4 = range.family === 6 && range.prefix <= 32;
      yield {
        at: span,
        message: `The ServiceEntry takes traffic to the whole range ${networkOf(value)}: ${value} is an address of it with a prefix length of ${range.prefix}, and a single address has ${width}.`,
        data: { index, value: `${value.split('/')[0]!}/${width}` },
        // An address may stand for its network by habit.
        ...(isLengthOfIpv4 ? {} : { severity: 'information' as const }),
      };
    }
  },

  *fixes({ index, value }, entry) {
    yield {
      title: `Replace with ${value}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: entry, path: ['spec', 'addresses', index], value }],
    };
  },
});
