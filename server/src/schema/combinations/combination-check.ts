// What a check of fields against each other is given, and what it says.
import { entryOf } from '../../yaml/read.ts';
import type { Place } from './field-place.ts';

export interface Subject {
  readonly root: Place;
  readonly spec: Place;
  /** Undefined where the manifest names none. */
  readonly namespace: string | undefined;
  /** Target minor version. */
  readonly istioVersion: string;
}

export interface Fault {
  /** The field; where it is absent, the nearest one around it. */
  readonly at: Place;
  /** One sentence. */
  readonly message: string;
  /** `error`: refused. The others: taken, with a warning that this is so grave. */
  readonly severity: 'error' | 'warning' | 'information';
  /** True where the key says more than the value: what must not be there, or what lacks something. */
  readonly onKey: boolean;
}

export type Check = (subject: Subject) => Iterable<Fault>;

/** A check that has nothing to say of a spec without the field: of most fields that are looked at, most objects have none. */
export function ofField(name: string, check: Check): Check {
  return (subject) => (entryOf(subject.spec.node, name) ? check(subject) : noFaults);
}

const noFaults: readonly Fault[] = [];

export function refused(at: Place, message: string): Fault {
  return { at, message, severity: 'error', onKey: false };
}

/** Of a field that must not be there, or lacks something inside. */
export function refusedKey(at: Place, message: string): Fault {
  return { at, message, severity: 'error', onKey: true };
}

export function discouraged(at: Place, message: string, severity: 'warning' | 'information' = 'warning'): Fault {
  return { at, message, severity, onKey: false };
}
