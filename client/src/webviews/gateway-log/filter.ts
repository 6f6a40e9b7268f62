// Which lines of the log are shown, and how many there are of each outcome.
import type { LogRow } from './protocol.ts';

export interface LogFilter {
  /** Part of the host. */
  readonly host: string;
  /** The beginning of it: `4`, `403`. */
  readonly status: string;
  /** A response flag, such as `UF`. */
  readonly flag: string;
  /** Part of the policy. */
  readonly policy: string;
  /** Empty: any. */
  readonly outcome: string;
}

export const noFilter: LogFilter = { host: '', status: '', flag: '', policy: '', outcome: '' };

export const outcomes = ['answered', 'connected', 'denied', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

/** Notes on the following itself are always shown. */
export function passes(row: LogRow, filter: LogFilter): boolean {
  if (row.outcome === undefined) return true;
  return (filter.outcome === '' || row.outcome === filter.outcome) && passesFields(row, filter);
}

function passesFields({ host, status, flags, policy }: LogRow, filter: LogFilter): boolean {
  return (
    includes(host, filter.host) &&
    status.startsWith(filter.status.trim()) &&
    includes(policy, filter.policy) &&
    (filter.flag.trim() === '' || flags.split(',').some((one) => startsWith(one, filter.flag)))
  );
}

/** Of lines that pass the other filters: what choosing the outcome would show. */
export function counts(rows: readonly LogRow[], filter: LogFilter): Readonly<Record<Outcome, number>> {
  const found = { answered: 0, connected: 0, denied: 0, failed: 0 };
  for (const row of rows) if (row.outcome !== undefined && passesFields(row, filter)) found[row.outcome]++;
  return found;
}

function includes(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.trim().toLowerCase());
}

function startsWith(text: string, part: string): boolean {
  return text.toLowerCase().startsWith(part.trim().toLowerCase());
}
