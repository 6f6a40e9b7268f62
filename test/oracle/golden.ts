// The recorded form of answers: small, and tied to the generator that made the meshes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer } from './answer.ts';
import { base, samples, type Profile } from './generate.ts';

export interface Golden {
  /** Of the meshes themselves: another generator makes others. */
  readonly generator: string;
  readonly seed: number;
  readonly count: number;
  readonly batch: number;
  readonly answers: readonly Packed[];
}
interface Packed {
  readonly refused?: readonly number[];
  readonly bindings: Answer['bindings'];
  readonly services: Answer['services'];
  readonly more?: Answer['more'];
  readonly ports: Readonly<Record<string, string>>;
}

/** `calls upstream tls` by port. */
export function pack({ bindings, services, ports, more }: Answer, refused: ReadonlySet<number>): Packed {
  return {
    ...(refused.size > 0 ? { refused: [...refused] } : {}),
    bindings,
    services,
    ...(more ? { more: together(more) } : {}),
    ports: Object.fromEntries(
      Object.entries(ports).map(([key, { tls, calls, upstream }]) => [key, `${calls} ${upstream} ${tls}`]),
    ),
  };
}

export function unpack({ bindings, services, ports, more }: Packed): Answer {
  return {
    bindings,
    services,
    ...(more ? { more: apart(more) } : {}),
    ports: Object.fromEntries(
      Object.entries(ports).map(([key, text]) => {
        const [calls = '', upstream = '', ...tls] = text.split(' ');
        return [key, { calls, upstream, tls: tls.join(' ') }];
      }),
    ),
  };
}

const numbered = /^(.*) ((?:\d+,)*\d+)$/;

/** Answers of one chain that are the same stand in one line, behind the numbers of their calls. */
function together(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const groups = new Map<string, { readonly start: string; readonly numbers: string[]; readonly text: string }>();
  for (const [key, text] of Object.entries(more)) {
    const [, start = key, number] = numbered.exec(key) ?? [];
    const name = number === undefined ? key : `${start} > ${text}`;
    const group = groups.get(name) ?? { start, numbers: [], text };
    groups.set(name, group);
    if (number !== undefined) group.numbers.push(number);
  }
  return Object.fromEntries(
    [...groups.values()].map(({ start, numbers, text }) => [
      numbers.length > 0 ? `${start} ${numbers.join(',')}` : start,
      text,
    ]),
  );
}

function apart(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(more).flatMap(([key, text]) => {
      const [, start, numbers] = numbered.exec(key) ?? [];
      return numbers === undefined ? [[key, text]] : numbers.split(',').map((number) => [`${start} ${number}`, text]);
    }),
  );
}

export function generatorHash(profile: Profile = base): string {
  return createHash('sha256')
    .update(JSON.stringify(samples(1, 20, profile)))
    .digest('hex')
    .slice(0, 16);
}

export function goldenPath(name: string): string {
  return path.join(import.meta.dirname, 'golden', `${name}.json`);
}

export function readGolden(name = 'answers'): Golden {
  return JSON.parse(readFileSync(goldenPath(name), 'utf8')) as Golden;
}
