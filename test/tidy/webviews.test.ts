// Webviews: their pages have the types of a browser, parse no markup, and VS Code can restore each of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { projectRoot, readTree, withoutComments, type Tree } from './source-tree.ts';

const folder = 'client/src/webviews';
const names = readdirSync(join(projectRoot, folder), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
  .map(({ name }) => name);

const parsers =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|srcdoc|setHTMLUnsafe)\b|document\.write|\beval\(|new Function\b|\bimport\(/;

/** Lines by which a text could become markup or a script. */
function parsing(tree: Tree): readonly string[] {
  return [...tree].flatMap(([path, text]) =>
    withoutComments(text)
      .split('\n')
      .flatMap((line, i) => (parsers.test(line) ? [`${path}:${i + 1}`] : [])),
  );
}

test('what parses markup is found', () => {
  for (const line of ['a.innerHTML = b', 'new DOMParser()', "document.write('')", 'eval(a)', 'frame.srcdoc = a'])
    assert.equal(parsing(new Map([['a.ts', line]])).length, 1, line);
  assert.deepEqual(parsing(new Map([['a.ts', '// innerHTML is not used\na.textContent = b']])), []);
});

test('no page parses markup', () => {
  const pages = new Map([...readTree([folder])].filter(([path]) => path.includes('/page/')));
  assert.ok(pages.size > names.length);
  assert.deepEqual(parsing(pages), []);
});

test('each view has its files, is in the list, and wakes the extension after a reload', () => {
  const list = readFileSync(join(projectRoot, folder, 'views.ts'), 'utf8');
  assert.ok(names.length > 0);
  for (const name of names) {
    for (const file of ['protocol.ts', 'view.ts', `page/${name}.ts`, `page/${name}.css`])
      assert.ok(existsSync(join(projectRoot, folder, name, file)), `${name}/${file}`);
    assert.ok(list.includes(`./${name}/view.ts`), `${name} is not in views.ts`);
    // VS Code wakes an extension for its views by itself.
    const isView = Object.values(manifest.contributes.views)
      .flat()
      .some(({ id }) => id === `istioEgress.${name}`);
    assert.ok(
      isView || manifest.activationEvents.includes(`onWebviewPanel:istioEgress.${name}`),
      `${name} has no activation event`,
    );
    assert.ok(readFileSync(join(projectRoot, folder, name, 'protocol.ts'), 'utf8').includes(`name: '${name}'`));
    assert.ok(existsSync(join(projectRoot, 'test/vscode/webviews', `${name}.ts`)), `${name} has no test in the editor`);
  }
});

test('the pages have no type errors', () => {
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [compiler, '--noEmit', '-p', folder], { cwd: projectRoot, encoding: 'utf8' });
  assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
});
