// What holds for every rule: its two files, its words, and that it reads no more than it says.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { findRules, stages, type RuleFile } from '../../server/build/generate-rules.ts';
import { analyzeFiles } from '../../server/src/engine/analyze.ts';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import { Workspace } from '../../server/src/engine/workspace.ts';
import { allKinds } from '../../server/src/model/kind-of.ts';
import type { Kind } from '../../server/src/model/kinds.ts';
import { documentRules, pages, rules } from '../../server/src/rules/index.gen.ts';
import { requirementRules } from '../../server/src/rules/requirements.ts';
import type { DocumentRule, Rule } from '../../server/src/rules/rule.ts';
import { casesOf, readPage } from '../kit/page.ts';
import { filesOf, settingsOf } from '../kit/run-page.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'server/src/rules');
const found = await findRules();

/** All ids by stage: an id is final, and never used for another fault. */
const idsByStage: Readonly<Record<string, readonly string[]>> = {
  schema: [
    'unknown-field',
    'invalid-type',
    'invalid-value',
    'missing-field',
    'invalid-combination',
    'discouraged-value',
    'unknown-kind',
    'unsupported-in-version',
    'deprecated-api-version',
    'deprecated-field',
    'invalid-yaml',
    'mistyped-resource',
  ],
  reference: [
    'unknown-destination-host',
    'unknown-waypoint',
    'unknown-policy-target',
    'policy-target-is-host',
    'unknown-policy-host',
    'unknown-source-namespace',
    'unknown-service-account',
    'unknown-route-parent',
    'unknown-route-backend',
    'unknown-gateway',
    'unknown-route-host',
    'unknown-route-port',
    'unknown-subset',
    'unknown-telemetry-provider',
    'unknown-credential',
    'selector-without-workload',
    'duplicate-resource',
    'mistyped-label',
  ],
  capture: [
    'client-not-captured',
    'namespace-labels-conflict',
    'service-entry-without-address',
    'missing-resolution',
    'wildcard-host-inert',
    'dynamic-dns-without-waypoint',
    'dynamic-dns-port-dropped',
    'dynamic-dns-tls-disabled',
    'dynamic-dns-outlier-detection',
    'duplicate-host-in-namespace',
    'duplicate-host-across-namespaces',
    'conflicting-port-protocol',
    'overlapping-addresses',
    'hosts-share-address',
    'address-in-allocation-range',
    'service-entry-without-port',
    'unlisted-https-port',
    'export-to-not-enforced',
    'dns-capture-disabled',
    'tcp-port-without-address',
    'host-spelling',
    'service-host-taken',
    'server-first-without-protocol',
    'address-prefix-too-short',
  ],
  waypoint: [
    'egress-bypasses-waypoint',
    'waypoint-ignores-services',
    'waypoint-attachment-denied',
    'waypoint-listener-invalid',
    'waypoint-class-mismatch',
    'use-waypoint-misplaced',
    'use-waypoint-on-client',
    'waypoint-captured',
    'canary-invalid',
    'cross-namespace-forbidden',
    'waypoint-name-taken',
    'unknown-gateway-class',
  ],
  tls: [
    'plaintext-to-tls-port',
    'plaintext-routed-to-tls-port',
    'double-tls',
    'tls-to-plaintext-port',
    'protocol-contradicts-port',
    'istio-mutual-to-external',
    'destination-rule-not-selected',
    'duplicate-destination-rule',
    'port-level-target-port',
    'port-level-drops-tls',
    'missing-sni',
    'unverified-server-name',
    'service-entry-sans-unused',
    'insecure-skip-verify',
    'credential-not-readable',
    'credential-in-wrong-namespace',
    'certificate-path-in-waypoint',
    'credential-needs-workload-selector',
    'identity-leaks-outside',
    'gateway-tls-mismatch',
    'credential-lacks-keys',
  ],
  authorization: [
    'policy-not-at-waypoint',
    'policy-allows-too-little',
    'policy-never-matches',
    'policy-http-fields-on-tcp',
    'policy-deny-has-no-effect',
    'policy-action-unsupported',
    'policy-bare-service-account',
    'policy-host-without-port',
    'policy-host-is-spoofable',
    'policy-gateway-class-misplaced',
    'policy-rule-shadowed',
    'policy-without-identity',
    'policy-not-at-gateway',
    'policy-denies-dynamic-host',
    'policy-at-client',
    'unrestricted-egress-host',
  ],
  route: [
    'route-ignored-by-waypoint',
    'route-kinds-mixed',
    'route-kind-mismatch',
    'backend-port-missing',
    'unsupported-match',
    'classic-egress-on-waypoint',
    'classic-egress-incomplete',
    'route-hostnames-ignored',
    'virtual-service-shadowed',
    'external-name-destination',
    'gateway-redirects-egress',
    'route-not-admitted',
    'gateway-selects-all',
    'host-not-rewritten',
  ],
  telemetry: [
    'telemetry-client-mode',
    'telemetry-target-out-of-reach',
    'telemetry-conflict',
    'telemetry-without-provider',
    'egress-not-logged',
    'telemetry-server-mode',
  ],
  leak: [
    'registry-only-not-enforced',
    'sidecar-resource-ignored',
    'sidecar-shadowed',
    'sidecar-client-bypasses-waypoint',
    'network-policy-blocks-hbone',
    'egress-open',
    'egress-gateway-exposed',
    'pod-bypasses-sidecar',
    'outbound-policy-without-mode',
    'udp-skips-gateway',
  ],
  trace: [
    'request-fails',
    'request-bypasses',
    'answer-not-modelled',
    'request-skips-gateway',
    'route-loops-at-gateway',
    'classic-egress-in-ambient',
    'gateway-request-fails',
  ],
  hygiene: ['unused-suppression'],
};

describe('rules', () => {
  it('are all in the registry, once, with their pages', () => {
    const ids = found.map(({ rule }) => rule.id);
    assert.deepEqual(ids.toSorted(), [...rules, ...documentRules].map(({ id }) => id).toSorted());
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual([...pages().keys()].toSorted(), [...ids, ...requirementRules.map(({ id }) => id)].toSorted());
  });

  it('each have a page of the same stem', () => {
    for (const stage of stages) {
      for (const file of modulesOf(stage)) {
        const code = readFileSync(join(folder, stage, file), 'utf8');
        if (/\bdefine(Document)?Rule[(<]/.test(code))
          assert.ok(
            found.some(({ stem }) => `${stem}.ts` === `${stage}/${file}`),
            `${stage}/${file} has no page`,
          );
      }
    }
  });

  for (const file of found) {
    describe(file.rule.id, () => {
      it('has an id of the list, its own stage and file name', () => {
        const { stem, stage, rule } = file;
        assert.equal(stem, `${stage}/${rule.id}`);
        assert.equal(rule.stage, stage);
        assert.ok(idsByStage[stage]?.includes(rule.id), `${rule.id} is not among the ids of ${stage}`);
        assert.equal(
          file.name,
          rule.id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
        );
      });

      it('has a summary of one sentence and a version', () => {
        assert.match(file.rule.summary, /^[A-Z].*[^.]\.$/);
        assert.match(file.rule.since, /^\d+\.\d+\.\d+$/);
      });

      it('has a page with the headings of one', () => testPage(file));
      it('says one sentence and stays in its document', () => testFindings(file));
      if (isRule(file.rule)) it('reads only the kinds that it names', () => testInputs(file, file.rule as Rule));
    });
  }
});

function testPage({ rule, page }: RuleFile): void {
  const { title, summary, headings, sections } = readPage(page);
  assert.equal(title, rule.id);
  assert.equal(summary, rule.summary);
  const kinds = headings
    .map((heading) => heading.split(':')[0]!)
    .filter((kind, i, all) => kind !== 'Fixed' && kind !== all[i - 1]);
  const [first, ...rest] = kinds.filter((kind, i) => kind !== 'Fails' || kinds.indexOf(kind) === i);
  assert.equal(first, 'Why');
  assert.deepEqual(rest, ['Fails', 'Passes', 'References']);
  const cases = headings.filter((heading) => !heading.startsWith('Fixed'));
  assert.equal(new Set(cases).size, cases.length, 'two headings are the same');
  const shown = sections.filter(({ heading }) => /^(Fails|Passes|Fixed)/.test(heading));
  for (const { heading, files } of shown) assert.ok(files.length > 0, `"${heading}" shows no file`);
  if (rule.fixes)
    assert.ok(
      headings.some((heading) => heading.startsWith('Fixed: ')),
      'it has fixes but shows none',
    );
}

function testFindings({ rule, page }: RuleFile): void {
  for (const { section } of casesOf(readPage(page))) {
    const { findings } = analyzeFiles(filesOf(section), { settings: settingsOf(section) });
    for (const finding of findings.filter((one) => one.rule === rule.id)) {
      assert.match(finding.message, /^\S.*[^.]\.$/s);
      assert.ok(!/\. [A-Z]/.test(finding.message), `more than one sentence: ${finding.message}`);
      assert.ok(finding.span.start < finding.span.end, `an empty place: ${finding.message}`);
      assert.ok(isPlain(finding.data), `data that JSON does not keep: ${finding.message}`);
    }
  }
}

function isPlain(value: unknown): boolean {
  if (value === undefined || value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  const proto: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  return (proto === Object.prototype || proto === Array.prototype) && Object.values(value).every(isPlain);
}

/** Runs the rule alone and looks at every key that it asked for. */
function testInputs({ page }: RuleFile, rule: Rule): void {
  const declared = new Set<Kind>([...rule.inputs, ...rule.subjects]);
  for (const { section } of casesOf(readPage(page))) {
    const workspace = new Workspace({
      rules: [rule],
      documentRules: [],
      settings: { ...defaultSettings, ...settingsOf(section) },
      onRuleError: (_rule, _subject, error) => {
        throw error;
      },
    });
    for (const { uri, text } of filesOf(section)) workspace.setFile(uri, text);
    workspace.refresh();
    const read = [...workspace.uris]
      .flatMap((uri) => workspace.documents(uri))
      .flatMap(({ record }) => record.resources)
      .flatMap((resource) => workspace.keysReadBy(resource));
    for (const key of new Set(read)) {
      const kinds = kindsBehind(key);
      const undeclared = kinds.filter((kind) => !declared.has(kind));
      assert.deepEqual(undeclared, [], `it reads ${key}`);
    }
  }
}

const routes: readonly Kind[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];

/** The kinds that can change what a key answers. */
const behind: readonly (readonly [pattern: RegExp, kinds: readonly Kind[]])[] = [
  [/^(host|under)=/, ['ServiceEntry', 'Service']],
  [/^dr[@=*]/, ['DestinationRule']],
  [/^target=/, ['AuthorizationPolicy', 'Telemetry', 'BackendTLSPolicy']],
  [/^extends=/, ['ProxyExtension']],
  [/^(parent|backend)=/, routes],
  [/^vs[=<>]/, ['VirtualService']],
  [/^gateways=/, ['IstioGateway']],
  [/^label=/, ['Namespace']],
  [/^address=/, ['ServiceEntry']],
  [/^endpoint=/, ['ServiceEntry', 'WorkloadEntry']],
  [/^tcp=/, ['ServiceEntry']],
  [/^http=/, ['ServiceEntry', 'Service']],
  [/^waypoint=/, ['ServiceEntry', 'Service', 'Namespace']],
];

function kindsBehind(key: string): readonly Kind[] {
  const known = behind.find(([pattern]) => pattern.test(key));
  if (known) return known[1];
  const kind = /^(?:knows=)?(\w+)[@/]/.exec(key)?.[1];
  const named = allKinds.find((one) => one === kind);
  assert.ok(named, `a key of an unknown form: ${key}`);
  return [named];
}

function isRule(rule: Rule | DocumentRule): rule is Rule {
  return 'check' in rule;
}

function modulesOf(stage: string): string[] {
  try {
    return readdirSync(join(folder, stage)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  } catch {
    return [];
  }
}
