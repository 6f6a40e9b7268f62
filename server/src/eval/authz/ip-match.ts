// Addresses against blocks, both of which may be ranges.
import type { Outcome } from './verdict.ts';

interface Block {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** Whether an address that lies in one of `actual` (addresses or CIDR ranges) lies in `block`; `unknown` where both can be. */
export function inBlock(block: string, actual: readonly string[]): Outcome {
  const wanted = parseBlock(block);
  const given = actual.map(parseBlock);
  if (!wanted || given.length === 0 || given.includes(undefined)) return 'unknown';
  const answers = new Set(given.map((one) => covers(wanted, one!)));
  return answers.size === 1 ? [...answers][0]! : 'unknown';
}

function covers(wanted: Block, actual: Block): Outcome {
  if (wanted.family !== actual.family) return 'no';
  const width = wanted.family === 4 ? 32 : 128;
  const shorter = Math.min(wanted.prefix, actual.prefix);
  const drop = BigInt(width - shorter);
  if (wanted.bits >> drop !== actual.bits >> drop) return 'no';
  return actual.prefix >= wanted.prefix ? 'yes' : 'unknown';
}

/** `10.0.0.0/8`, `10.1.2.3`, `2001:db8::/32`; undefined for what is no address. */
export function parseBlock(text: string): Block | undefined {
  const [address = '', length] = text.trim().split('/');
  const family = address.includes(':') ? 6 : 4;
  const bits = family === 4 ? parseV4(address) : parseV6(address);
  const width = family === 4 ? 32 : 128;
  const prefix = length === undefined ? width : Number(length);
  if (bits === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > width || length === '')
    return undefined;
  return { family, bits, prefix };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => groupsOf(half));
  if (groups.some((list) => list === undefined)) return undefined;
  const [head = [], tail = []] = groups as string[][];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<string>(missing).fill('0'), ...tail].reduce(
    (bits, group) => (bits << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

function groupsOf(half: string): string[] | undefined {
  if (half === '') return [];
  const parts = half.split(':');
  const last = parts.at(-1)!;
  const v4 = last.includes('.') ? parseV4(last) : undefined;
  if (last.includes('.') && v4 === undefined) return undefined;
  const groups =
    v4 === undefined ? parts : [...parts.slice(0, -1), (v4 >> 16n).toString(16), (v4 & 0xffffn).toString(16)];
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? groups : undefined;
}
