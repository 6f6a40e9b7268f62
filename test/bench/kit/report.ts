// What was measured, as a row of the table in README.md.
import { cpus, loadavg } from 'node:os';
import { isMet, targets, type TargetId } from './targets.ts';

export type { TargetId };

export interface Row {
  readonly id: TargetId;
  /** Undefined where the peer or the system lacks what it takes; `note` says which. */
  readonly measured: number | undefined;
  /** Both sides of a ratio, or what was measured in. */
  readonly note: string;
}

export interface Choice {
  /** A few minutes in all: smaller folders, fewer rounds. */
  readonly quick: boolean;
}

export type Topic = (choice: Choice, tell: (row: Row) => void) => Promise<void>;

export const head = '| target | measured | goal | |\n|---|---|---|---|';

export function rowText({ id, measured, note }: Row): string {
  const target = targets[id];
  const goal = `${target.is === 'most' ? '≤' : '≥'} ${number(target.limit)}${unitText(target.unit)}`;
  const told = measured === undefined ? 'not measured' : `${number(measured)}${unitText(target.unit)}`;
  return `| ${id.replace(/ .*/, '')}: ${target.what} | ${told} (${note}) | ${goal} | ${verdict(id, measured)} |`;
}

function verdict(id: TargetId, measured: number | undefined): string {
  const target = targets[id];
  if (measured === undefined) return '';
  if (isMet(target, measured)) return 'met';
  const by = target.is === 'most' ? measured / target.limit : target.limit / measured;
  return target.limit === 0 || !Number.isFinite(by) ? 'missed' : `missed by ${number(by)}x`;
}

function unitText(unit: string): string {
  return unit === '' || unit === '%' || unit === 'x' ? unit : ` ${unit}`;
}

export function number(value: number): string {
  if (value >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Where and when, for the head of the table. */
export function circumstances(date: Date, loadBefore: number): string {
  const load = `load ${loadBefore.toFixed(1)} at the start, ${loadavg()[0]!.toFixed(1)} at the end`;
  return `${date.toISOString().slice(0, 10)}; ${cpus().length} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, Node ${process.versions.node}; ${load}`;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((share / 100) * sorted.length) - 1)] ?? NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 50);
