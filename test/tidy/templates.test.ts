// Every template is a set of manifests without findings, beside those that it builds on and in every version that it is offered for;
// what completion inserts is the template.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyzeFiles } from '../../server/src/engine/analyze.ts';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import { runEgressTests } from '../../server/src/eval/run-egress-tests.ts';
import { newCaseSnippet, newCaseText } from '../../server/src/features/egress-test/new-case.ts';
import { asSnippet, fillIn } from '../../server/src/features/templates/fill.ts';
import { isPlaceName } from '../../server/src/features/templates/places.ts';
import type { Template } from '../../server/src/features/templates/template.ts';
import { isOfferedFor, templateNamed, templates } from '../../server/src/features/templates/templates.ts';
import { newestVersion, supportedVersions } from '../../server/src/model/istio-releases.ts';
import { splitDocuments } from '../../server/src/yaml/chunks.ts';

describe('templates', () => {
  it('have ids of their own, and build on templates that exist', () => {
    assert.ok(templates.length > 15, 'the list was read');
    assert.equal(new Set(templates.map(({ id }) => id)).size, templates.length);
    assert.deepEqual(
      templates.flatMap(({ buildsOn }) => buildsOn.filter((id) => !templateNamed(id))),
      [],
    );
  });

  for (const template of templates) {
    it(`${template.id}: asks for places that it has, and fills in all of them`, () => {
      const inBody = [...template.body.matchAll(/\{(\w+)\}/g)].map(([, place]) => place!);
      assert.deepEqual(
        inBody.filter((place) => !isPlaceName(place)),
        [],
      );
      assert.deepEqual(
        template.asks.filter((place) => !inBody.includes(place)),
        [],
      );
      assert.ok(template.asks.includes(template.namedAfter) || inBody.includes(template.namedAfter));
      assert.doesNotMatch(fillIn(template, {}), /\{\w/);
    });

    for (const version of supportedVersions.filter((one) => isOfferedFor(template, one)))
      it(`${template.id}: has no finding with Istio ${version} beside what it builds on`, () => {
        const companions = companionsOf(template);
        // Where a companion needs a later release, it is not this template that is wrong.
        const own = companions.every((one) => isOfferedFor(one, version)) ? '' : `${template.id}.yaml`;
        const found = findingsOf([template, ...companions], version);
        assert.deepEqual(
          found.filter((line) => line.includes(own)),
          [],
        );
      });

    it(`${template.id}: is read as a resource for each of its documents, without an error by itself`, () => {
      const { workspace, findings } = analyze([template], newestVersion);
      const documents = splitDocuments(fillIn(template, {})).length;
      assert.equal([...workspace.uris].flatMap((uri) => workspace.documents(uri)).length, documents);
      for (const uri of workspace.uris)
        for (const { record } of workspace.documents(uri)) assert.equal(record.resources.length, 1);
      assert.deepEqual(
        findings.filter(({ severity }) => severity === 'error'),
        [],
      );
    });
  }

  it('DYNAMIC_DNS is offered from the release that has it', () => {
    const wildcard = templateNamed('service-entry-wildcard')!;
    assert.deepEqual([isOfferedFor(wildcard, '1.27'), isOfferedFor(wildcard, '1.28')], [false, true]);
  });

  it('make one story together', () => assert.deepEqual(findingsOf(story, newestVersion), []));
});

describe('snippets', () => {
  for (const template of templates)
    it(`${template.title}: is the template when no place is changed`, () =>
      assert.equal(expand(asSnippet(template)), fillIn(template, {})));

  it('the egress test is a case that the story fulfils', () => {
    const text = expand(newCaseSnippet);
    assert.equal(text.trimEnd(), newCaseText);
    const { results, problems } = runEgressTests(text, analyze(story, newestVersion).workspace.mesh);
    assert.deepEqual([results.map(({ message }) => message), problems], [[''], []]);
  });
});

/** Steps of one setup: only one of the ways to originate TLS and to restrict callers, and nothing for sidecars. */
const story = templates.filter(
  ({ id }) => !/^(destination-rule|backend|classic|sidecar|authorization-policy-methods|secret-access)/.test(id),
);

/** All that it builds on, nearest first. */
function companionsOf({ buildsOn }: Template): readonly Template[] {
  return buildsOn.map((id) => templateNamed(id)!);
}

/** As an editor inserts it, each placeholder left at its default or its first choice. */
function expand(text: string): string {
  const defaults = new Map([...text.matchAll(/\$\{(\d+):([^{}]*)\}/g)].map(([, number, value]) => [number, value]));
  return text
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{(\d+):([^{}]*)\}/g, '$2')
    .replace(
      /\$(\d+)|\$\{(\d+)\}/g,
      (_, bare: string | undefined, braced: string | undefined) => defaults.get(bare ?? braced) ?? '',
    );
}

/** The first template counts where a later one writes a document of the same kind and name: it takes its place. */
function analyze(list: readonly Template[], istioVersion: string): ReturnType<typeof analyzeFiles> {
  const written = new Set<string>();
  const files = list.map((template) => {
    const documents = splitDocuments(fillIn(template, {})).map(({ text }) => text);
    const own = documents.filter((text) => !written.has(identityOf(text)));
    for (const text of own) written.add(identityOf(text));
    return { uri: `file:///${template.id}.yaml`, text: own.join('') };
  });
  return analyzeFiles(files, { settings: { mesh: { ...defaultSettings.mesh, istioVersion } } });
}

function identityOf(text: string): string {
  return ['kind', '  name', '  namespace'].map((key) => new RegExp(`^${key}: .*`, 'm').exec(text)?.[0] ?? '').join(' ');
}

function findingsOf(list: readonly Template[], version: string): string[] {
  return analyze(list, version).findings.map(
    ({ rule, severity, uri, message }) => `${severity} ${rule} in ${uri}: ${message}`,
  );
}
