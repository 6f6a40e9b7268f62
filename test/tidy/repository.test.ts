// What surrounds the code: workflows, issue forms, and pages that name commands and addresses of the project.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { addressesOf, linkingFiles } from '../../server/build/generate-links.ts';
import { projectRoot, readTree } from './source-tree.ts';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const scripts = new Set(Object.keys(manifest.scripts));

/** npm scripts that a text runs and that package.json does not have. */
function unknownScripts(text: string): readonly string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:]+)|(test|start)\b)/g)]
    .map((match) => match[1] ?? match[2]!)
    .filter((name) => !scripts.has(name));
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly 'timeout-minutes'?: number;
  readonly permissions?: unknown;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly name?: string;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

function workflowFaults(text: string): readonly string[] {
  const { name, permissions, jobs } = parse(text) as Workflow;
  const faults = unknownScripts(text).map((script) => `runs an unknown script: ${script}`);
  if (name === undefined) faults.push('has no name');
  if (JSON.stringify(permissions) !== '{"contents":"read"}') faults.push('gives more than read access to every job');
  for (const [id, job] of Object.entries(jobs)) {
    if (job['timeout-minutes'] === undefined) faults.push(`${id} has no time limit`);
    for (const { uses, run } of job.steps) {
      if (uses !== undefined && !/^[\w-]+\/[\w-]+@v\d+$/.test(uses))
        faults.push(`${uses} is not pinned by its major version`);
      if (run !== undefined && /\$\{\{/.test(run)) faults.push(`${id} puts an expression into a shell command`);
    }
  }
  return faults;
}

test('each check of a workflow finds what it is for', () => {
  const good = `
name: a
permissions: { contents: read }
jobs: { one: { timeout-minutes: 5, steps: [{ uses: actions/checkout@v5 }, { run: npm run build }] } }`;
  assert.deepEqual(workflowFaults(good), []);
  for (const [from, to] of [
    ['npm run build', 'npm run bulid'],
    ['npm run build', "'echo ${{ github.ref }}'"],
    ['checkout@v5', 'checkout@main'],
    ['timeout-minutes: 5, ', ''],
    ['contents: read', 'contents: write'],
    ['name: a\n', ''],
  ] as const)
    assert.equal(workflowFaults(good.replace(from, to)).length, 1, to);
});

for (const file of readdirSync(join(projectRoot, '.github/workflows')))
  test(`workflow ${file} runs scripts that exist, with pinned actions and few permissions`, () => {
    assert.deepEqual(workflowFaults(read(`.github/workflows/${file}`)), []);
  });

test('pages for contributors name scripts that exist', () => {
  assert.deepEqual(unknownScripts('`npm run gone`, npm test and `npm run test:fast`'), ['gone']);
  for (const page of ['README.md', 'CONTRIBUTING.md', 'test/README.md', '.github/PULL_REQUEST_TEMPLATE.md'])
    assert.deepEqual(unknownScripts(read(page)), [], page);
});

test('issue forms say what they are for and require an answer', () => {
  const folder = '.github/ISSUE_TEMPLATE';
  const forms = readdirSync(join(projectRoot, folder)).filter((file) => file !== 'config.yml');
  assert.ok(forms.length > 0);
  for (const file of forms) {
    const form = parse(read(`${folder}/${file}`)) as {
      readonly name?: string;
      readonly description?: string;
      readonly body: readonly { readonly id: string; readonly validations?: { readonly required: boolean } }[];
    };
    assert.ok(form.name && form.description, file);
    assert.equal(new Set(form.body.map(({ id }) => id)).size, form.body.length, file);
    assert.ok(
      form.body.some(({ validations }) => validations?.required),
      file,
    );
  }
});

test('every address of the repository follows from the one in package.json', () => {
  const { current, written } = addressesOf(read('package.json'));
  assert.equal(written, current, 'run npm run generate -- links');
  for (const path of linkingFiles) assert.ok(read(path).includes(current), path);
  const moved =
    '{"repository":{"url":"git+https://github.com/acme/x.git"},"bugs":{"url":"https://github.com/OWNER/x/issues"}}';
  assert.deepEqual(addressesOf(moved), { current: 'https://github.com/acme/x', written: 'https://github.com/OWNER/x' });
  assert.throws(() =>
    addressesOf('{"repository":{"url":"somewhere"},"bugs":{"url":"https://github.com/OWNER/x/issues"}}'),
  );
});

test('VS Code starts tasks that exist, and attaches where the server listens', () => {
  const { tasks } = JSON.parse(read('.vscode/tasks.json')) as { readonly tasks: readonly { readonly label: string }[] };
  const { configurations, compounds } = JSON.parse(read('.vscode/launch.json')) as {
    readonly configurations: readonly {
      readonly name: string;
      readonly preLaunchTask?: string;
      readonly port?: number;
    }[];
    readonly compounds: readonly { readonly configurations: readonly string[] }[];
  };
  const labels = tasks.map(({ label }) => label);
  const started = configurations.flatMap(({ preLaunchTask }) => preLaunchTask ?? []);
  assert.deepEqual(
    started.filter((label) => !labels.includes(label)),
    [],
  );
  const names = configurations.map(({ name }) => name);
  assert.deepEqual(
    compounds.flatMap((compound) => compound.configurations).filter((name) => !names.includes(name)),
    [],
  );
  const ports = configurations.flatMap(({ port }) => port ?? []);
  assert.deepEqual(ports, [Number(/debugPort = (\d+)/.exec(read('client/src/node-client.ts'))?.[1])]);
});

test('only tests that the runner starts after the build use the real programs', () => {
  const users = [...readTree(['test'])].filter(([, text]) => /from '[./]+(?:kit\/)?peers\.ts'/.test(text));
  assert.ok(users.length > 5);
  assert.deepEqual(
    users
      .map(([path]) => path)
      .filter((path) => path.endsWith('.test.ts') && !/^test\/(peers|data-plane)\//.test(path)),
    [],
  );
});
