// Every snippet is a manifest without findings: alone, and beside the ones that it builds on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { analyzeFiles } from '../../server/src/engine/analyze.ts';
import { runEgressTests } from '../../server/src/eval/run-egress-tests.ts';
import { allKinds } from '../../server/src/model/kind-of.ts';

interface Snippet {
  readonly prefix: string;
  readonly scope: string;
  readonly description: string;
  readonly body: readonly string[];
}

const snippets = JSON.parse(readFileSync(join(import.meta.dirname, '../../snippets/egress.json'), 'utf8')) as Readonly<
  Record<string, Snippet>
>;

const namespace = 'Egress namespace';
const waypoint = 'Egress waypoint';
const httpToHttps = 'ServiceEntry: HTTP inside, HTTPS outside';
const passThrough = 'ServiceEntry: HTTPS pass-through';
const simple = 'DestinationRule: originate TLS';

/** What a snippet needs beside it to say something true: a rule its host, a policy its target. */
const companions: Readonly<Record<string, readonly string[]>> = {
  [namespace]: [waypoint],
  [waypoint]: [],
  [httpToHttps]: [namespace, waypoint, simple],
  [passThrough]: [],
  [simple]: [namespace, waypoint, httpToHttps],
  'DestinationRule: originate mutual TLS': [namespace, waypoint, httpToHttps],
  'DestinationRule: originate TLS on one port': [namespace, waypoint, httpToHttps],
  'AuthorizationPolicy for a ServiceEntry': [namespace, waypoint, httpToHttps, simple],
  'AuthorizationPolicy for a waypoint': [waypoint],
  'Telemetry: egress access log': [waypoint],
  'HTTPRoute on a ServiceEntry': [namespace, waypoint, httpToHttps, simple],
};

/** Not a manifest: it says what the others are expected to do. */
const expectation = 'Egress test: one request';

/** Steps of one story: together they contradict each other no more than alone. DestinationRules for one host exclude each other. */
const story = Object.keys(companions).filter((name) => !/mutual|one port/.test(name));

describe('snippets', () => {
  it('are those that are tried here', () =>
    assert.deepEqual(Object.keys(snippets).toSorted(), [...Object.keys(companions), expectation].toSorted()));

  it('have prefixes of their own', () => {
    const prefixes = Object.values(snippets).map(({ prefix }) => prefix);
    assert.equal(new Set(prefixes).size, prefixes.length);
    assert.deepEqual(
      prefixes.filter((prefix) => !/^istio-[a-z-]+$/.test(prefix)),
      [],
    );
    assert.deepEqual(
      Object.values(snippets).filter(({ scope, description }) => scope !== 'yaml' || description === ''),
      [],
    );
  });

  for (const [name, needed] of Object.entries(companions)) {
    it(`${name}: is complete, and true beside what it needs`, () => {
      assert.doesNotMatch(expand(name), /[${}]/);
      assert.deepEqual(findingsOf([name, ...needed]), []);
    });

    it(`${name}: is read as one resource without an error by itself`, () => {
      const { workspace } = analyze([name]);
      assert.equal(allKinds.flatMap((kind) => workspace.mesh.all(kind)).length, 1);
      assert.deepEqual(findingsOf([name], ['error']), []);
    });
  }

  it(`${expectation}: is a case that the story fulfils`, () => {
    const { results, problems } = runEgressTests(expand(expectation), analyze(story).workspace.mesh);
    assert.deepEqual([results.map(({ message }) => message), problems], [[''], []]);
  });

  it('make one story together', () => assert.deepEqual(findingsOf(story), []));
});

/** As an editor inserts it, each placeholder left at its default or its first choice. */
function expand(name: string): string {
  const text = snippets[name]!.body.join('\n');
  const defaults = new Map([...text.matchAll(/\$\{(\d+):([^{}]*)\}/g)].map(([, number, value]) => [number, value]));
  return text
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{(\d+):([^{}]*)\}/g, '$2')
    .replace(
      /\$(\d+)|\$\{(\d+)\}/g,
      (_, bare: string | undefined, braced: string | undefined) => defaults.get(bare ?? braced) ?? '',
    );
}

function analyze(names: readonly string[]): ReturnType<typeof analyzeFiles> {
  return analyzeFiles(names.map((name) => ({ uri: `file:///${encodeURIComponent(name)}.yaml`, text: expand(name) })));
}

function findingsOf(names: readonly string[], severities: readonly string[] = ['error', 'warning']): string[] {
  return analyze(names)
    .findings.filter(({ severity }) => severities.includes(severity))
    .map(({ rule, message }) => `${rule}: ${message}`);
}
