// istio@86c9f01 pkg/config/validation/agent/validation.go ValidateDuration: whole milliseconds only.
import { refused, type Fault, type Subject } from './combination-check.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { each, entries, isText, text, type Place } from './field-place.ts';

const checked: ReadonlySet<string> = new Set(
  'idleTimeout connectTimeout maxConnectionDuration interval timeout time baseEjectionTime duration maxAge fixedDelay perTryTimeout backoff'.split(
    ' ',
  ),
);
const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

export function wholeMilliseconds({ spec }: Subject): readonly Fault[] {
  const faults: Fault[] = [];
  if (spec.node && hasFractions(spec.node)) addFaults(spec, faults);
  return faults;
}

/** Most objects have none: they are passed over without a place for each field. */
function hasFractions(node: YamlNode): boolean {
  if (node.kind === 'scalar') return false;
  if (node.kind === 'seq') return node.items.some(hasFractions);
  for (const { key, value } of node.entries) {
    if (value.kind !== 'scalar') {
      if (hasFractions(value)) return true;
    } else if (typeof value.value === 'string' && checked.has(String(key.value)) && hasFraction(value.value))
      return true;
  }
  return false;
}

function addFaults(place: Place, faults: Fault[]): void {
  if (place.node?.kind === 'scalar') return;
  for (const item of each(place)) addFaults(item, faults);
  for (const { key, place: value } of entries(place)) {
    if (!checked.has(key) || !isText(value)) addFaults(value, faults);
    else if (hasFraction(text(value))) faults.push(refused(value, 'A duration must be in whole milliseconds.'));
  }
}

function hasFraction(duration: string): boolean {
  if (/^\d{1,6}s$/.test(duration)) return false;
  const sum = [...duration.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g)].reduce(
    (total, [, amount, unit]) => total + Math.round(Number(amount) * nanoseconds[unit!]!),
    0,
  );
  return sum % 1e6 !== 0;
}
