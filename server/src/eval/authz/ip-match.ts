// Addresses against blocks, both of which may be ranges.
import { parseRange, type AddressRange } from '../../names/addresses.ts';
import type { Outcome } from './verdict.ts';

/** Whether an address in one of `actual` (addresses or CIDR ranges) is in `block`; `unknown` if both are possible. */
export function inBlock(block: string, actual: readonly string[]): Outcome {
  const wanted = parseRange(block);
  const given = actual.map(parseRange);
  if (!wanted || given.length === 0 || given.includes(undefined)) return 'unknown';
  const answers = new Set(given.map((one) => rangeCovers(wanted, one!)));
  return answers.size === 1 ? [...answers][0]! : 'unknown';
}

function rangeCovers(wanted: AddressRange, actual: AddressRange): Outcome {
  if (wanted.family !== actual.family) return 'no';
  const width = wanted.family === 4 ? 32 : 128;
  const shorter = Math.min(wanted.prefix, actual.prefix);
  const drop = BigInt(width - shorter);
  if (wanted.bits >> drop !== actual.bits >> drop) return 'no';
  return actual.prefix >= wanted.prefix ? 'yes' : 'unknown';
}
