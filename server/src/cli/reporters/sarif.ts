import { isClusterUri } from '../../sources/cluster-files.ts';
import type { ProposedFix } from '../proposed-fixes.ts';
import type { Report, ReportedFinding } from '../report.ts';
import { descriptor, levels, taxonomies } from './sarif-rules.ts';

/** SARIF 2.1.0. Columns count UTF-16 code units, lines and columns from 1. */
export function sarif(report: Report): string {
  const used = new Set(report.findings.map(({ rule }) => rule));
  const rules = report.rules.filter(({ id }) => used.has(id));
  const order = new Map(rules.map(({ id }, index) => [id, index]));
  const others = taxonomies(rules);
  const fingerprints = fingerprintsOf(report.findings);
  const run = {
    tool: {
      driver: {
        name: 'istio-egress',
        semanticVersion: report.version,
        informationUri: report.homepage,
        rules: rules.map(descriptor),
      },
    },
    ...(others.length > 0 ? { taxonomies: others } : {}),
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { SRCROOT: { description: { text: 'The folder in which the check was started.' } } },
    results: report.findings.map((finding, at) => ({
      ...result(finding, order.get(finding.rule) ?? -1),
      partialFingerprints: { 'istioEgress/v1': fingerprints[at] },
    })),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

/** The same while lines move and files are renamed: the rule, the resource, the field, and which of several alike it is. */
function fingerprintsOf(findings: readonly ReportedFinding[]): readonly string[] {
  const counts = new Map<string, number>();
  return findings.map(({ rule, resource, field }) => {
    const { kind = '', namespace = '', name = '' } = resource ?? {};
    const key = [rule, kind, namespace, name, field ?? ''].join('|');
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return `${key}|${count}`;
  });
}

function result(finding: ReportedFinding, ruleIndex: number) {
  const related = finding.related.map((other, index) => ({
    id: index + 1,
    ...location(other),
    message: { text: other.message },
  }));
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [
      {
        ...location(finding),
        ...(finding.resource
          ? {
              logicalLocations: [
                {
                  kind: 'resource',
                  fullyQualifiedName: [finding.resource.kind, finding.resource.namespace, finding.resource.name].join(
                    '/',
                  ),
                },
              ],
            }
          : {}),
      },
    ],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    ...(finding.proposals?.length ? { fixes: finding.proposals.map(fixOf) } : {}),
  };
}

function fixOf({ title, changes }: ProposedFix) {
  return {
    description: { text: title },
    artifactChanges: changes.map(({ file, edits }) => ({
      artifactLocation: artifact(file),
      replacements: edits.map(({ range, newText }) => ({
        deletedRegion: region(range),
        ...(newText === '' ? {} : { insertedContent: { text: newText } }),
      })),
    })),
  };
}

/** A place in a cluster is a URI by itself. */
function artifact(file: string): object {
  if (isClusterUri(file)) return { uri: file };
  if (file.startsWith('/')) return { uri: `file://${encodePath(file)}` };
  const drive = /^[A-Za-z]:(?=\/)/.exec(file)?.[0];
  if (drive !== undefined) return { uri: `file:///${drive}${encodePath(file.slice(drive.length))}` };
  return { uri: encodePath(file), uriBaseId: 'SRCROOT' };
}

function location({ file, range }: Pick<ReportedFinding, 'file' | 'range'>) {
  return { physicalLocation: { artifactLocation: artifact(file), region: region(range) } };
}

function region({ start, end }: ReportedFinding['range']) {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
