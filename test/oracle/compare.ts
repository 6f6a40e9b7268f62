// Where the two answers differ, and how much is left open.
import { displaced, type Answer, type PortAnswer } from './answer.ts';
import type { OurAnswer } from './our-answer.ts';

export interface Comparison {
  readonly differences: readonly string[];
  readonly compared: number;
  /** Of these: left open by us, with Istio's answer among what may be, or nothing claimed. */
  readonly open: number;
}

export function compare(theirs: Answer, ours: OurAnswer): Comparison {
  const tally = new Tally();
  compareBindings(theirs, ours, tally);
  compareServices(theirs, ours, tally);
  compareMore(theirs, ours, tally);
  for (const key of Object.keys(ours.ports)) if (isOursAlone(key, theirs, ours)) tally.say(key, 'no chain', 'a chain');
  for (const [key, port] of Object.entries(theirs.ports)) comparePort(key, port, ours, tally);
  return tally;
}

class Tally implements Comparison {
  readonly differences: string[] = [];
  compared = 0;
  open = 0;

  say(key: string, their: string, our: string | undefined): void {
    this.differences.push(`${key}: Istio ${their}, we ${our ?? 'nothing'}`);
  }
}

function compareBindings(theirs: Answer, ours: OurAnswer, tally: Tally): void {
  for (const [key, binding] of Object.entries(theirs.bindings)) {
    tally.compared++;
    // Nothing is claimed.
    if (ours.bindings[key] === '?') tally.open++;
    else if (ours.bindings[key] !== binding) tally.say(key, binding, ours.bindings[key]);
  }
}

function compareServices(theirs: Answer, ours: OurAnswer, tally: Tally): void {
  for (const [key, names] of Object.entries(theirs.services)) {
    tally.compared++;
    const possible = (ours.services[key] ?? '').split('|');
    if (possible.length > 1) tally.open++;
    if (!names.split('|').every((name) => possible.includes(name))) tally.say(key, names, ours.services[key]);
  }
}

function compareMore({ more = {} }: Answer, ours: OurAnswer, tally: Tally): void {
  for (const [key, text] of Object.entries(more)) {
    tally.compared++;
    const possible = ours.more[key];
    if (!possible || possible.length > 1) tally.open++;
    if (possible && !possible.includes(text)) tally.say(key, text, possible.join(' | '));
  }
  for (const key of Object.keys(ours.more)) if (!(key in more)) tally.say(key, 'nothing', ours.more[key]?.join(' | '));
}

/** A chain that we have and Istio has not; where nothing is claimed of the host, none is. */
function isOursAlone(key: string, theirs: Answer, ours: OurAnswer): boolean {
  const host = hostOf(key);
  if (key === host && !ours.ports[key]!.tls) return false;
  return host in theirs.bindings && !(key in theirs.ports);
}

function comparePort(key: string, { tls, calls, upstream }: PortAnswer, ours: OurAnswer, tally: Tally): void {
  const host = hostOf(key);
  if (key !== host && host in ours.ports && !ours.ports[host]!.tls) {
    tally.open++;
    return;
  }
  const own = ours.ports[key];
  tally.compared += tls === displaced.tls ? 1 : 2 + calls.length;
  if (!own) return tally.say(key, `a chain (${tls})`, undefined);
  if (!own.tls || own.tls.length > 1) tally.open++;
  if (own.tls && !own.tls.includes(tls)) tally.say(key, tls, own.tls.join(' | '));
  compareUpstream(key, { tls, upstream }, own.upstream, tally);
  compareCalls(key, calls, own.calls, tally);
}

function compareUpstream(key: string, their: Pick<PortAnswer, 'tls' | 'upstream'>, our: string, tally: Tally): void {
  if (our.startsWith('~') && our.includes(',')) tally.open++;
  if (!dials(our, their.upstream) && their.tls !== 'no cluster') tally.say(`${key} upstream`, their.upstream, our);
}

function compareCalls(key: string, their: string, our: string, tally: Tally): void {
  const ourCalls = our.split('');
  tally.open += ourCalls.filter((call) => call === '?').length;
  if (their.split('').some((call, i) => ourCalls[i] !== '?' && ourCalls[i] !== call))
    tally.say(`${key} calls`, their, our);
}

/** `namespace/entry host` of a key that may name a port behind it. */
function hostOf(key: string): string {
  return key.split(' ').slice(0, 2).join(' ');
}

function dials(ours: string, theirs: string): boolean {
  if (!ours.startsWith('~')) return ours === theirs;
  const possible = ours.slice(1).split(',');
  return theirs === '' || theirs.split(',').every((one) => possible.includes(one));
}
