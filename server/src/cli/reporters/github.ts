import { visibleLine } from '../../base/visible.ts';
import type { Severity } from '../../rules/rule.ts';
import type { Report } from '../report.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/** Workflow commands, which a GitHub job turns into annotations of the changed lines. */
export function github(report: Report): string {
  return report.findings
    .map(({ severity, file, range, rule, message }) => {
      const place = [
        `file=${property(file)}`,
        `line=${range.start.line + 1}`,
        `col=${range.start.character + 1}`,
        `endLine=${range.end.line + 1}`,
        `endColumn=${range.end.character + 1}`,
        `title=${property(rule)}`,
      ].join(',');
      return `::${levels[severity]} ${place}::${data(message)}\n`;
    })
    .join('');
}

function data(text: string): string {
  return visibleLine(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
