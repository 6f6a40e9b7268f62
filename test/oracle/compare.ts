// Where the two answers differ, and how much is left open.
import { displaced, type Answer } from './answer.ts';
import type { OurAnswer } from './our-answer.ts';

export interface Comparison {
  readonly differences: readonly string[];
  readonly compared: number;
  /** Of these: left open by us, with Istio's answer among what may be, or nothing claimed. */
  readonly open: number;
}

export function compare(theirs: Answer, ours: OurAnswer): Comparison {
  const differences: string[] = [];
  let compared = 0;
  let open = 0;
  const say = (key: string, their: string, our: string | undefined): void =>
    void differences.push(`${key}: Istio ${their}, we ${our ?? 'nothing'}`);
  for (const [key, binding] of Object.entries(theirs.bindings)) {
    compared++;
    // Nothing is claimed.
    if (ours.bindings[key] === '?') open++;
    else if (ours.bindings[key] !== binding) say(key, binding, ours.bindings[key]);
  }
  for (const [key, names] of Object.entries(theirs.services)) {
    compared++;
    const possible = (ours.services[key] ?? '').split('|');
    if (possible.length > 1) open++;
    if (!names.split('|').every((name) => possible.includes(name))) say(key, names, ours.services[key]);
  }
  for (const [key, text] of Object.entries(theirs.more ?? {})) {
    compared++;
    const possible = ours.more[key];
    if (!possible || possible.length > 1) open++;
    if (possible && !possible.includes(text)) say(key, text, possible.join(' | '));
  }
  for (const key of Object.keys(ours.more))
    if (!(key in (theirs.more ?? {}))) say(key, 'nothing', ours.more[key]?.join(' | '));
  for (const key of Object.keys(ours.ports)) {
    const host = key.split(' ').slice(0, 2).join(' ');
    if (key === host && !ours.ports[key]!.tls) continue;
    if (host in theirs.bindings && !(key in theirs.ports)) say(key, 'no chain', 'a chain');
  }
  for (const [key, { tls, calls, upstream }] of Object.entries(theirs.ports)) {
    const host = key.split(' ').slice(0, 2).join(' ');
    if (key !== host && host in ours.ports && !ours.ports[host]!.tls) {
      open++;
      continue;
    }
    const own = ours.ports[key];
    compared += tls === displaced.tls ? 1 : 2 + calls.length;
    if (!own) {
      say(key, `a chain (${tls})`, undefined);
      continue;
    }
    if (!own.tls || own.tls.length > 1) open++;
    if (own.upstream.startsWith('~') && own.upstream.includes(',')) open++;
    if (!dials(own.upstream, upstream) && tls !== 'no cluster') say(`${key} upstream`, upstream, own.upstream);
    if (own.tls && !own.tls.includes(tls)) say(key, tls, own.tls.join(' | '));
    open += [...own.calls].filter((call) => call === '?').length;
    if ([...calls].some((call, i) => own.calls[i] !== '?' && own.calls[i] !== call))
      say(`${key} calls`, calls, own.calls);
  }
  return { differences, compared, open };
}

function dials(ours: string, theirs: string): boolean {
  if (!ours.startsWith('~')) return ours === theirs;
  const possible = ours.slice(1).split(',');
  return theirs === '' || theirs.split(',').every((one) => possible.includes(one));
}
