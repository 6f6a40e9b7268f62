import { visibleText } from '../../base/visible.ts';
import { isAtLeast, type Report, type ReportedFinding } from '../report.ts';
import type { Severity } from '../../rules/rule.ts';

/** One suite a file, one case a finding; what is below the threshold passes. A run without findings has one passing case. */
export function junit(report: Report, threshold: Severity): string {
  const files = [...new Set(report.findings.map(({ file }) => file))];
  const suites = files.map((name) =>
    suite(
      name,
      report.findings.filter(({ file }) => file === name),
      threshold,
    ),
  );
  const failures = report.findings.filter(({ severity }) => isAtLeast(severity, threshold)).length;
  const body =
    suites.length > 0
      ? suites
      : [
          '  <testsuite name="istio-egress" tests="1" failures="0"><testcase classname="istio-egress" name="check"/></testsuite>',
        ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="istio-egress" tests="${Math.max(1, report.findings.length)}" failures="${failures}">\n${body.join('\n')}\n</testsuites>\n`;
}

function suite(file: string, findings: readonly ReportedFinding[], threshold: Severity): string {
  const failures = findings.filter(({ severity }) => isAtLeast(severity, threshold)).length;
  const cases = findings.map((finding) => testCase(finding, isAtLeast(finding.severity, threshold)));
  return `  <testsuite name="${escapeXml(file)}" tests="${findings.length}" failures="${failures}">\n${cases.join('\n')}\n  </testsuite>`;
}

/** `file` and `line`: GitLab links them. */
function testCase({ rule, message, file, range, severity }: ReportedFinding, fails: boolean): string {
  const place = `${file}:${range.start.line + 1}:${range.start.character + 1}`;
  const name = `    <testcase classname="${escapeXml(rule)}" name="${escapeXml(place)}" file="${escapeXml(file)}" line="${range.start.line + 1}"`;
  if (!fails) return `${name}><system-out>${escapeXml(`${severity}: ${message}`)}</system-out></testcase>`;
  return `${name}><failure type="${severity}" message="${escapeXml(message)}">${escapeXml(`${place}: ${message}`)}</failure></testcase>`;
}

export function escapeXml(text: string): string {
  return (
    visibleText(text)
      // XML 1.0 cannot hold these at all.
      .replace(/[\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\n', '&#10;')
  );
}
