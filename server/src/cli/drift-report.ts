// Output of `drift` as text or JSON.
import type { FieldDifference } from '../cluster/objects/field-differences.ts';
import type { Position } from '../base/line-index.ts';
import { visibleLine } from '../base/visible.ts';
import { placeText } from './position.ts';

export interface ReportedDrift {
  readonly what: 'missing' | 'extra' | 'different' | 'not-compared';
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string };
  /** Of the file; of the cluster for what is extra, and then without a range. */
  readonly file: string;
  readonly range: { readonly start: Position; readonly end: Position } | null;
  readonly fields?: readonly FieldDifference[];
  readonly why?: string;
  readonly byDesign?: boolean;
}

export interface DriftReport {
  readonly context: string;
  readonly takenAt: string;
  /** Resources in the files. */
  readonly compared: number;
  readonly drift: readonly ReportedDrift[];
}

/** A value that is on one side only is left out on the other. */
export function driftJson({ context, takenAt, compared, drift }: DriftReport): string {
  return `${JSON.stringify({ version: 1, context, takenAt, resources: compared, drift }, null, 2)}\n`;
}

export function driftText({ context, compared, drift }: DriftReport, isQuiet: boolean): string {
  const shown = drift.filter(({ byDesign }) => byDesign !== true);
  if (isQuiet) return shown.map((one) => `${visibleLine(headline(one))}\n`).join('');
  const lines = shown.flatMap((one) => [headline(one), ...(one.fields ?? []).map(fieldLine)]);
  const number = (what: ReportedDrift['what']) => shown.filter((one) => one.what === what).length;
  const sums = `${number('missing')} missing, ${number('different')} different, ${number('extra')} only in cluster ${context}, ${number('not-compared')} not compared, of ${compared} resources in files.`;
  return [...lines, ...(lines.length > 0 ? [''] : []), sums].map((line) => `${visibleLine(line)}\n`).join('');
}

const words: Readonly<Record<ReportedDrift['what'], string>> = {
  missing: 'missing in the cluster',
  extra: 'only in the cluster',
  different: 'different',
  'not-compared': 'not compared',
};

function headline({ what, resource, file, range, why }: ReportedDrift): string {
  const { kind, namespace, name } = resource;
  const where = range === null ? file : placeText({ file, range });
  return `${where}: ${words[what]}: ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}${why === undefined ? '' : ` (${why})`}`;
}

function fieldLine({ path, file, cluster }: FieldDifference): string {
  return `    ${path}: ${shown(file)} in the file, ${shown(cluster)} in the cluster`;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
