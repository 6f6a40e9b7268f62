import { plural } from '../../base/plural.ts';

/** `1 error, 2 warnings, 0 information`, in the order of the keys, which are severities. */
export function severityCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([severity, number]) => (severity === 'information' ? `${number} information` : plural(number, severity)))
    .join(', ');
}
