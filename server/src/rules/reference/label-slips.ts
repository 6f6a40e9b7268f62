// The fault of a label or annotation that is nearly one of Istio's: in its name, its value or its place.
import { nearest } from '../../base/nearest.ts';
import { isIstioLabel } from '../../model/istio-label-names.ts';
import type { LabelUse, LabelValues } from '../../model/label-uses.ts';

/** The intended label; undefined for names that Istio knows, and for names of other projects. */
export function useMeantBy(name: string, uses: readonly LabelUse[]): LabelUse | undefined {
  if (isIstioLabel(name)) return undefined;
  return uses.find((use) => isNear(name, use.name)) ?? usesEnding(name, uses);
}

function isNear(name: string, meant: string): boolean {
  const [prefix, own] = split(name);
  const [itsPrefix, its] = split(meant);
  const limit = its.length >= 10 ? 2 : 1;
  if (itsPrefix === '') return lettersOf(prefix + own) === lettersOf(its) || isWithin(own, its, limit, prefix);
  // A slip in the prefix, with the rest as it should be.
  if (lettersOf(own) === lettersOf(its) && (isIstios(prefix) || isWithin(prefix, itsPrefix, 2))) return true;
  return isIstios(prefix) && its.length >= 6 && isWithin(lettersOf(own), lettersOf(its), limit);
}

/** `istio.io/waypoint`: the beginning or the end of a name, of several the shortest. */
function usesEnding(name: string, uses: readonly LabelUse[]): LabelUse | undefined {
  const [prefix, own] = split(name);
  const letters = lettersOf(own);
  if (!isIstios(prefix) || letters.length < 8) return undefined;
  const found = uses.filter((use) => {
    const its = lettersOf(split(use.name)[1]);
    return its.startsWith(letters) || its.endsWith(letters);
  });
  const [shortest, next] = found.toSorted((a, b) => a.name.length - b.name.length);
  return shortest?.name.length === next?.name.length ? undefined : shortest;
}

function isWithin(word: string, meant: string, maxDistance: number, prefix = ''): boolean {
  return (prefix === '' || isIstios(prefix)) && nearest(word, [meant], { maxDistance }) !== undefined;
}

function isIstios(prefix: string): boolean {
  return prefix === 'istio.io' || prefix.endsWith('.istio.io');
}

function split(name: string): readonly [prefix: string, name: string] {
  const slash = name.indexOf('/');
  return slash < 0 ? ['', name] : [name.slice(0, slash), name.slice(slash + 1)];
}

/** Without what is only style: `useWaypoint`, `use_waypoint`. */
function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, '');
}

const wordsForOn: readonly string[] = ['enabled', 'enable', 'true', 'on', 'yes', '1', 'y'];
const wordsForOff: readonly string[] = ['disabled', 'disable', 'false', 'off', 'no', '0', 'n', ''];

/** Undefined for a valid value; `value` is the one that is probably intended. */
export function valueFault(values: LabelValues, written: string): { readonly value: string | undefined } | undefined {
  if (values.valid.includes(written) || values.accepted.includes(written)) return undefined;
  const word = written.trim().toLowerCase();
  const asked = askedFor(word);
  if (asked !== undefined && asked === values.otherwise) return undefined;
  return { value: wordOf(values, asked) ?? nearest(word, values.valid, { maxDistance: 2 }) };
}

function askedFor(word: string): 'on' | 'off' | undefined {
  if (wordsForOn.includes(word)) return 'on';
  return wordsForOff.includes(word) ? 'off' : undefined;
}

/** Of values that are two, the first turns on. */
function wordOf({ valid }: LabelValues, asked: 'on' | 'off' | undefined): string | undefined {
  if (asked === undefined || valid.length !== 2) return undefined;
  return asked === 'on' ? valid[0] : valid[1];
}
