// Pages are only worth their runner: what does not fit must fail.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareMarkers, readMarkers } from '../../kit/markers.ts';
import { casesOf, fixTitle, printFiles, readPage } from '../../kit/page.ts';
import { checkFixes, compareCase, fixCase, runCase } from '../../kit/run-page.ts';

const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: httpbin
  namespace: egress
spec:
  hosts: [httpbin.org]
  ports:
  - { number: 443, name: tls, protocol: TLS }
  resolution: DNS
`;
const rule = (host: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: httpbin
  namespace: egress
spec:
  host: ${host}
  trafficPolicy:
    connectionPool:
      tcp: { maxConnections: 1 }
`;

function page(...fences: readonly string[]): string {
  return `# a\nA sentence.\n\n## Fails\n${fences.map((text, i) => `\`${i}.yaml\`\n\`\`\`yaml\n${text}\`\`\``).join('\n')}\n`;
}

function mismatches(...fences: readonly string[]): string[] {
  const [one] = casesOf(readPage(page(...fences)));
  return compareCase(one!.section, runCase(one!.section));
}

describe('markers', () => {
  it('are taken out of the text and stand for the line beside or below them', () => {
    const { text, markers } = readMarkers(
      'a: 1 # warning: [x] "say \\"y\\""\n  # error: [z]\n  # hint: [w] ""\n  b: 2\n  #  ^\n',
    );
    assert.equal(text, 'a: 1\n  b: 2\n');
    assert.deepEqual(markers, [
      { severity: 'warning', rule: 'x', part: 'say "y"', line: 0, columns: undefined },
      { severity: 'error', rule: 'z', part: '', line: 1, columns: { start: 5, end: 6 } },
      { severity: 'hint', rule: 'w', part: '', line: 1, columns: { start: 5, end: 6 } },
    ]);
  });

  it('leave other comments alone', () => {
    const text = '# warning: not one of ours\na: 1 # ^ no caret line\n';
    assert.deepEqual(readMarkers(text), { text, markers: [] });
  });

  it('behind the last line are unmet', () => {
    assert.equal(compareMarkers('file:///a.yaml', readMarkers('a: 1\n# error: [x]').markers, []).length, 1);
  });
});

describe('a case', () => {
  const marked = rule('httpbn.org # warning: [unknown-destination-host] "httpbn.org"\n  #     ^^^^^^^^^^');

  it('fits where each finding has its marker', () => {
    assert.deepEqual(mismatches(entry, marked), []);
  });

  const wrong: readonly (readonly [name: string, text: string, mismatches: number])[] = [
    ['no marker', rule('httpbn.org'), 1],
    ['a marker without a finding', rule('httpbin.org # warning: [unknown-destination-host]'), 1],
    ['another severity', marked.replace('warning', 'error'), 2],
    ['another rule', marked.replace('unknown-destination-host', 'unknown-waypoint'), 2],
    ['another message', marked.replace('"httpbn.org"', '"httpbin.org"'), 2],
    ['other columns', marked.replace('^^\n', '^\n'), 2],
    [
      'related information that is not there',
      marked.replace('  host', '  # related: [unknown-destination-host]\n  host'),
      1,
    ],
    ['one marker too many', marked.replace('#', '# warning: [unknown-destination-host]\n#'), 1],
  ];
  for (const [name, text, count] of wrong)
    it(`does not fit with ${name}`, () =>
      assert.equal(mismatches(entry, text).length, count, mismatches(entry, text).join('\n')));

  it('gives what a fix makes of the files that it touches', () => {
    const [one] = casesOf(readPage(page(entry, marked)));
    const run = runCase(one!.section);
    assert.deepEqual(fixCase(run, 'Change the host to httpbin.org'), [{ name: '1.yaml', text: rule('httpbin.org') }]);
    assert.equal(fixCase(run, 'Change the host to example.org'), undefined);
    assert.deepEqual(checkFixes(run), []);
  });
});

describe('a page', () => {
  const text = `${page(entry)}\n## Fixed: Do it\n\`\`\`yaml\na: 1\n\`\`\`\n\n## References\n- here\n`;

  it('is read into its cases, fixes and words', () => {
    const read = readPage(text);
    assert.equal(read.title, 'a');
    assert.equal(read.summary, 'A sentence.');
    assert.deepEqual(read.headings, ['Fails', 'Fixed: Do it', 'References']);
    const [one, ...more] = casesOf(read);
    assert.equal(more.length, 0);
    assert.deepEqual(one!.fixed.map(fixTitle), ['Do it']);
    assert.deepEqual(
      one!.section.files.map(({ name }) => name),
      ['0.yaml'],
    );
  });

  it('says where its fences stand, so that they can be written anew', () => {
    const fixed = readPage(text).sections[1]!;
    const fences = printFiles(fixed.files);
    assert.equal(text.slice(fixed.span.start, fixed.span.end), fences);
    assert.equal(fences, '```yaml\na: 1\n```');
  });
});
