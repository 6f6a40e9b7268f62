// The comment that silences a finding: in every case of every page, and in texts of other shapes.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { analyzeFiles, applyFix, type Analysis } from '../../../server/src/engine/analyze.ts';
import type { Finding } from '../../../server/src/engine/finding.ts';
import { suppressionFix } from '../../../server/src/engine/suppress-fix.ts';
import { casesOf, readPage } from '../../kit/page.ts';
import { runCase, show } from '../../kit/run-page.ts';

const root = resolve(import.meta.dirname, '../../..');
const pages = ['server/src/rules', 'test/pages/rules'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.endsWith('README.md'))
    .map((file) => join(root, folder, file)),
);

describe('a suppression', () => {
  it('silences what every case of every page shows first, and nothing else comes up', () => {
    let silenced = 0;
    for (const page of pages) {
      for (const { section } of casesOf(readPage(readFileSync(page, 'utf8')))) {
        const { analysis, files, settings } = runCase(section);
        for (const finding of analysis.findings.slice(0, 1)) {
          const after = suppressed(analysis, finding);
          if (!after) continue;
          silenced++;
          const again = analyzeFiles(
            [...new Map([...files, ...after])].map(([uri, text]) => ({ uri, text })),
            { settings },
          );
          const known = analysis.findings.map(identity);
          assert.deepEqual(
            again.findings.filter((other) => !known.includes(identity(other))).map(show),
            [],
            `${page}: ${show(finding)}`,
          );
          assert.ok(again.findings.length < analysis.findings.length, `${page}: ${show(finding)} stays`);
        }
      }
    }
    assert.ok(silenced > 200, `only ${silenced}`);
  });

  it('stands above the node with its indentation, and behind the first line of a document', () => {
    const text =
      '# A rule.\r\napiVersion: networking.istio.io/v1alpha3\r\nkind: DestinationRule\r\nmetadata: { name: a }\r\nspec:\r\n  host: a.org\r\n  trafficPolicy:\r\n    tls: { mode: SIMPLY }\r\n';
    const analysis = analyzeFiles([{ uri: 'file:///a.yaml', text }]);
    const results = analysis.findings.map((finding) => suppressed(analysis, finding)?.get('file:///a.yaml'));
    assert.ok(
      results.includes(text.replace('v1alpha3', 'v1alpha3 # istio-egress-ignore deprecated-api-version: say why')),
    );
    assert.ok(
      results.includes(text.replace('    tls:', '    # istio-egress-ignore invalid-value: say why\r\n    tls:')),
    );
  });

  it('is not offered where a comment has no place', () => {
    const json = JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'a' },
      spec: { hosts: ['a.org'], ports: [], resolution: 'DNSS' },
    });
    for (const [uri, text] of [
      ['file:///a.json', json],
      ['file:///a.yaml', 'kind: ServiceEntry\napiVersion: networking.istio.io/v1\nmetadata:\n\tname: a\n'],
    ] as const) {
      const analysis = analyzeFiles([{ uri, text }]);
      assert.ok(analysis.findings.length > 0);
      for (const finding of analysis.findings.filter(({ rule }) => uri.endsWith('.json') || rule === 'invalid-yaml'))
        assert.equal(suppressed(analysis, finding), undefined);
    }
  });
});

function suppressed({ host, workspace }: Analysis, finding: Finding): ReadonlyMap<string, string> | undefined {
  const where = workspace.documentAt(finding.document)!;
  const text = host.textOf(where.uri)!.slice(where.start, where.start + where.length);
  const fix = suppressionFix(finding, text, where.start);
  return fix && applyFix({ host, workspace, findings: [] }, fix);
}

function identity({ rule, uri, message }: Finding): string {
  return JSON.stringify([rule, uri, message]);
}
