import { checkAnswer } from '../../features/answers/json-answers.ts';
import type { Report } from '../report.ts';

/** The machine format. */
export function json(report: Report): string {
  return checkAnswer(report, {
    ...(report.cluster ? { cluster: report.cluster } : {}),
    ...(report.baseline ? { baseline: report.baseline } : {}),
  });
}
