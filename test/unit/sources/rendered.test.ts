// Which charts and overlays are rendered, and the way back from what the tools print. The texts of the tools are recorded: helm 4.2, kustomize 5.5.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { folderReader } from '../../../server/src/engine/folder-reader.ts';
import { RenderedReader } from '../../../server/src/engine/rendered-reader.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { findingAtSource } from '../../../server/src/engine/to-source.ts';
import { Workspace } from '../../../server/src/engine/workspace.ts';
import type { RenderJob } from '../../../server/src/sources/rendered/plan-renderings.ts';
import type { Rendered } from '../../../server/src/sources/rendered/renderer.ts';
import { templateLines } from '../../../server/src/sources/rendered/template-lines.ts';
import { memoryFiles } from './sources-kit.ts';

type Files = Readonly<Record<string, string>>;

/** `outputs` is what the tools print, by the folder that they are given. */
async function check(files: Files, outputs: Readonly<Record<string, string | Rendered>>) {
  const memory = memoryFiles(files);
  const rendered: RenderJob[] = [];
  const pathOf = (uri: string) => uri;
  const reader = new RenderedReader({
    base: folderReader(memory, pathOf),
    files: memory,
    pathOf,
    renderer(job) {
      rendered.push(job);
      const output = outputs[job.folder] ?? { ok: false, why: 'nothing was recorded' };
      return Promise.resolve(typeof output === 'string' ? { ok: true, text: output } : output);
    },
  });
  await reader.render('/w', 'default');
  const workspace = new Workspace({
    ...shippedRules,
    settings: defaultSettings,
    onRuleError(_rule, _subject, error) {
      throw error;
    },
  });
  const notes: string[] = [];
  for (const file of reader.files('/w'))
    if (file && 'text' in file) workspace.setFile(file.uri, file.text, file.facts);
    else if (file) notes.push(`${file.uri}: ${file.why}`);
  workspace.refresh();
  const textOf = (uri: string) => reader.textOf(uri) ?? files[uri];
  const sources = {
    textOf,
    toSource: (uri: string, span: { start: number; end: number }) => reader.toSource(uri, span, textOf),
  };
  const findings = [...workspace.uris]
    .flatMap((uri) => workspace.findings(uri))
    .flatMap((finding) => findingAtSource(finding, sources) ?? []);
  const shown = findings.map(
    ({ uri, range, rule, message }) =>
      `${uri}:${range.start.line + 1}:${range.start.character + 1} ${rule}${message.startsWith('Rendered line') ? ` (${/^Rendered line \d+/.exec(message)![0]})` : ''}`,
  );
  return { rendered: rendered.map(({ folder }) => folder), notes, shown: [...new Set(shown)].sort(), workspace };
}

const entry = (name: string, protocol = 'HTTP', rest = '') =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${name}\nspec:\n  hosts:\n  - ${name}.example.com\n  ports:\n  - number: 80\n    name: http\n    protocol: ${protocol}\n${rest}  resolution: DNS\n`;

describe('lines of a template', () => {
  const cases: readonly {
    readonly what: string;
    readonly rendered: string;
    readonly template: string;
    readonly origins: readonly (number | undefined)[];
  }[] = [
    { what: 'that are plain', rendered: 'a: 1\nb: 2', template: 'a: 1\nb: 2', origins: [0, 1] },
    {
      what: 'with a value in it, beside a plain one',
      rendered: 'a: 1\nb: x',
      template: 'a: 1\nb: {{ .Values.b }}',
      origins: [0, 1],
    },
    {
      what: 'with a value only',
      rendered: 'a: 1\nb: x',
      template: 'a: 1\n{{ toYaml .Values.all }}',
      origins: [0, undefined],
    },
    {
      what: 'behind a condition',
      rendered: 'a: 1\nb: 2\nc: 3',
      template: 'a: 1\n{{- if .Values.b }}\nb: 2\n{{- end }}\nc: 3',
      origins: [0, 2, 4],
    },
    {
      what: 'that a value could have made as well',
      rendered: 'a: 1\nb: 2\nb: 2',
      template: 'a: 1\n{{ toYaml .Values.b }}\nb: 2',
      origins: [0, undefined, undefined],
    },
    {
      what: 'of a loop',
      rendered: 'k: v\na: 1\nb: 2\nc: 3\na: 1\nb: 2\nc: 3',
      template: 'k: v\n{{- range .Values.all }}\na: 1\nb: 2\nc: 3\n{{- end }}',
      origins: [0, undefined, 3, undefined, undefined, 3, undefined],
    },
    {
      what: 'in another order',
      rendered: 'b: 2\na: 1\nc: 3',
      template: 'a: 1\nb: 2\nc: 3',
      origins: [1, undefined, 2],
    },
  ];
  for (const { what, rendered, template, origins } of cases)
    it(what, () => assert.deepEqual(templateLines(rendered.split('\n'), template.split('\n')), origins));
});

describe('a chart', () => {
  const template =
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\nspec:\n  hosts:\n  - {{ .Values.host }}\n  ports:\n  - number: 80\n    name: http\n    protocol: HTTPP\n{{- toYaml .Values.more | nindent 2 }}\n';
  const rendered = `---\n# Source: c/templates/a.yaml\n${template.replace('{{ .Values.host }}', 'a b').replace('{{- toYaml .Values.more | nindent 2 }}', '  resolution: DNSS')}`;
  const chart = { '/w/c/Chart.yaml': 'name: c\nversion: 0.1.0\n', '/w/c/templates/a.yaml': template };

  it('is shown in its templates, or at itself where no line is certainly the one', async () => {
    const { shown, notes } = await check(chart, { '/w/c': rendered });
    assert.deepEqual(
      [shown, notes],
      [
        [
          '/w/c/Chart.yaml:1:1 invalid-value (Rendered line 14)',
          '/w/c/templates/a.yaml:11:15 invalid-combination',
          '/w/c/templates/a.yaml:7:3 invalid-combination',
        ],
        [],
      ],
    );
  });

  it('that its tool refuses gives the reason, and its templates are skipped', async () => {
    const { shown, notes, workspace } = await check(chart, { '/w/c': { ok: false, why: 'helm says: Error: no' } });
    assert.deepEqual([shown, notes], [[], ['/w/c/Chart.yaml: not rendered: helm says: Error: no']]);
    assert.equal(workspace.mesh.knows('ServiceEntry'), false);
  });

  it('renders those below it too, and a library by itself not at all', async () => {
    const { rendered } = await check(
      { ...chart, '/w/c/charts/sub/Chart.yaml': 'name: sub\n', '/w/lib/Chart.yaml': 'name: lib\ntype: library\n' },
      { '/w/c': '' },
    );
    assert.deepEqual(rendered, ['/w/c']);
  });

  it('may silence a rule in a template', async () => {
    const ignored = template.replace(
      '    protocol',
      '    # istio-egress-ignore invalid-combination: tried on purpose\n    protocol',
    );
    const { shown } = await check(
      { ...chart, '/w/c/templates/a.yaml': ignored },
      {
        '/w/c': rendered
          .replace('    protocol', '    # istio-egress-ignore invalid-combination: tried on purpose\n    protocol')
          .replace('a b', 'a.example.com')
          .replace('DNSS', 'DNS'),
      },
    );
    assert.deepEqual(shown, []);
  });
});

describe('an overlay', () => {
  const base = { '/w/base/kustomization.yaml': 'resources: [a.yaml]\n', '/w/base/a.yaml': entry('a') };
  const overlay = (name: string, more = '') => ({
    [`/w/${name}/kustomization.yaml`]: `namespace: ${name}\nresources: [../base]\n${more}`,
  });
  const patch =
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a }\nspec: { resolution: DNSS }\n';
  const output = (namespace: string, protocol = 'HTTP', resolution = 'DNS') =>
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\n  namespace: ${namespace}\nspec:\n  hosts:\n  - a.example.com\n  ports:\n  - name: http\n    number: 80\n    protocol: ${protocol}\n  resolution: ${resolution}\n`;

  it('is shown at the field of its base or of its patch', async () => {
    const files = {
      ...base,
      '/w/base/a.yaml': entry('a', 'HTTPP'),
      ...overlay('prod', 'patches: [{ path: p.yaml }]\n'),
      '/w/prod/p.yaml': patch,
    };
    const { shown, rendered, workspace } = await check(files, { '/w/prod': output('prod', 'HTTPP', 'DNSS') });
    assert.deepEqual(
      [rendered, shown],
      [['/w/prod'], ['/w/base/a.yaml:11:15 invalid-combination', '/w/prod/p.yaml:4:21 invalid-value']],
    );
    assert.deepEqual(
      [...workspace.writtenMesh.all('ServiceEntry')].map(({ namespace }) => namespace),
      ['prod'],
      'the base is not looked at a second time',
    );
  });

  it('is shown at itself where it says what no file says', async () => {
    const { shown } = await check(
      { ...base, ...overlay('prod', 'patches: [{ target: { kind: ServiceEntry }, patch: "[]" }]\n') },
      { '/w/prod': output('prod', 'HTTPP') },
    );
    assert.deepEqual(shown, ['/w/prod/kustomization.yaml:1:1 invalid-combination (Rendered line 12)']);
  });

  it('keeps a comment of its base, which the tool drops', async () => {
    const files = {
      ...base,
      '/w/base/a.yaml': entry('a', 'HTTPP').replace(
        '    protocol',
        '    # istio-egress-ignore invalid-combination: tried on purpose\n    protocol',
      ),
      ...overlay('prod', 'labels: []\n'),
    };
    assert.deepEqual((await check(files, { '/w/prod': output('prod', 'HTTPP') })).shown, []);
  });

  it('that only gives a namespace needs no tool', async () => {
    const { rendered, workspace } = await check({ ...base, ...overlay('prod') }, {});
    assert.deepEqual(
      [rendered, [...workspace.mesh.all('ServiceEntry')].map(({ namespace }) => namespace)],
      [[], ['prod']],
    );
  });

  it('stands beside another of the same base in another namespace', async () => {
    const { rendered, workspace } = await check(
      { ...base, ...overlay('dev'), ...overlay('prod') },
      { '/w/dev': output('dev'), '/w/prod': output('prod') },
    );
    assert.deepEqual(
      [rendered, [...workspace.mesh.all('ServiceEntry')].map(({ namespace }) => namespace).sort()],
      [
        ['/w/dev', '/w/prod'],
        ['dev', 'prod'],
      ],
    );
  });

  it('is for another mesh where it makes the same objects', async () => {
    const files = { ...base, ...overlay('dev', 'labels: []\n'), ...overlay('prod', 'labels: []\n') };
    const { notes, workspace } = await check(files, { '/w/dev': output('x'), '/w/prod': output('x') });
    assert.match(notes.join(), /^\/w\/prod\/kustomization.yaml: skipped: it renders the same objects as \/w\/dev/);
    assert.equal([...workspace.mesh.all('ServiceEntry')].length, 1);
  });

  for (const more of ['labels: []\n', ''])
    it(`with a remote base${more && ' and labels'} is not rendered: nothing is downloaded`, async () => {
      const { rendered, notes } = await check(
        { '/w/kustomization.yaml': `resources: ["https://github.com/a/b?ref=v1"]\n${more}` },
        {},
      );
      assert.deepEqual(
        [rendered, notes],
        [
          [],
          ['/w/kustomization.yaml: not rendered: it needs https://github.com/a/b?ref=v1, and nothing is downloaded'],
        ],
      );
    });

  it('needs no tool for a remote release of definitions', async () => {
    const resource = 'https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.4.0/standard-install.yaml';
    assert.deepEqual((await check({ '/w/kustomization.yaml': `resources: ["${resource}"]\n` }, {})).notes, []);
  });
});
