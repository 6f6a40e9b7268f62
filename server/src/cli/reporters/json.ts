import type { Report } from '../report.ts';

/** The machine format; its shape is a contract and carries a version. Lines and characters are 0-based UTF-16, as in LSP. */
export function json(report: Report): string {
  const findings = report.findings.map(
    ({ rule, severity, message, file, origin, range, resource, related, fixes, peers }) => ({
      rule,
      severity,
      message,
      file,
      range,
      resource: resource ? { kind: resource.kind, namespace: resource.namespace, name: resource.name } : null,
      related,
      fixes,
      peers,
      ...(origin !== undefined && { origin }),
    }),
  );
  return `${JSON.stringify({ version: 1, files: report.files, resources: report.resources, istioResources: report.istioResources, findings, skipped: report.skipped, ignored: report.ignored, ...(report.cluster ? { cluster: report.cluster } : {}), ...(report.baseline ? { baseline: report.baseline } : {}) }, null, 2)}\n`;
}
