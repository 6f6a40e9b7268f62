// What is bundled from what. The worker's bundle is made from the first day, so that a `node:` import below `host/` fails the build.
import { build, type BuildOptions, type BuildResult, type Plugin } from 'esbuild';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { componentsFile, componentsOf, noticesFile, noticesOf } from './third-party.ts';

export const root = resolve(import.meta.dirname, '../..');

export interface Choice {
  /** Small and without source maps, as it is packaged. */
  readonly minify: boolean;
}

/** Of the package's manifest, what the code reads: most of it is for the editor, and would stand in each bundle. */
const shortManifest: Plugin = {
  name: 'short-manifest',
  setup(found) {
    found.onLoad({ filter: /[\\/]package\.json$/ }, ({ path }) => {
      if (path !== join(root, 'package.json')) return undefined;
      const { version, homepage } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
      return { contents: JSON.stringify({ version, homepage }), loader: 'json' };
    });
  },
};

/** What all bundles share; `vscode` is the editor's own module. */
function common({ minify }: Choice): BuildOptions {
  return {
    absWorkingDir: root,
    bundle: true,
    logLevel: 'warning',
    target: 'es2022',
    legalComments: 'none',
    metafile: true,
    minify,
    sourcemap: !minify,
    external: ['vscode'],
    loader: { '.md': 'text' },
    plugins: [shortManifest],
    // One build of the parser for the command line, the server and the worker: they judge a file alike.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  };
}

/** Bundles for Node 20 and newer. CommonJS, which editors of every age load; prefers modules, which bundle smaller. */
function forNode(choice: Choice): BuildOptions {
  return { ...common(choice), platform: 'node', format: 'cjs', mainFields: ['module', 'main'] };
}

/** Bundles for a browser's worker: anything of Node's is unresolvable here and stops the build. */
export function forWorker(choice: Choice): BuildOptions {
  return {
    ...common(choice),
    platform: 'browser',
    format: 'iife',
    mainFields: ['browser', 'module', 'main'],
    conditions: ['browser'],
  };
}

/**
 * The engine is most of a language server, and the same in a process and in a worker: both load this one file. It is a function of
 * `require`, by which its host gives it the protocol's library, of which each host needs a variant of its own.
 */
export function engine(choice: Choice): BuildOptions {
  return {
    ...forWorker(choice),
    format: 'cjs',
    entryPoints: ['server/src/main-engine.ts'],
    external: ['vscode-languageserver'],
    banner: {
      js: `(function (engine) { if (typeof module === 'object') module.exports = engine; else self.${engineName} = engine; })(function (require) { var module = { exports: {} };`,
    },
    footer: { js: 'return module.exports; });' },
  };
}

const engineName = 'istioEgressEngine';

/** In a host's bundle, the engine is the file beside it, or in a worker what that file has defined. */
function besideEngine(host: 'node' | 'browser'): Plugin {
  const loaded = host === 'node' ? "import engine from './engine.js';" : `const engine = self.${engineName};`;
  return {
    name: 'beside-engine',
    setup(found) {
      found.onResolve({ filter: /\/main-engine\.ts$/ }, () => ({ path: 'engine', namespace: 'beside-engine' }));
      found.onResolve({ filter: /^\.\/engine\.js$/, namespace: 'beside-engine' }, ({ path }) => ({
        path,
        external: true,
      }));
      found.onLoad({ filter: /^engine$/, namespace: 'beside-engine' }, () => ({
        contents: `import * as protocol from 'vscode-languageserver/${host}'; ${loaded} export const { serve } = engine(() => protocol);`,
        resolveDir: root,
      }));
    },
  };
}

export function nodeServer(choice: Choice): BuildOptions {
  return {
    ...forNode(choice),
    entryPoints: ['server/src/main-node.ts'],
    plugins: [shortManifest, besideEngine('node')],
  };
}

export function workerServer(choice: Choice): BuildOptions {
  return {
    ...forWorker(choice),
    entryPoints: ['server/src/main-worker.ts'],
    plugins: [shortManifest, besideEngine('browser')],
  };
}

/** The bundles that VS Code loads by itself; a change of one needs the window to be loaded again, of the others only a new server. */
export function clientBundles(choice: Choice, folder: string): readonly BuildOptions[] {
  return [
    { ...forNode(choice), entryPoints: ['client/src/extension.ts'], outfile: `${folder}/client.cjs` },
    {
      ...forWorker(choice),
      format: 'cjs',
      entryPoints: ['client/src/extension.web.ts'],
      outfile: `${folder}/web/client.cjs`,
    },
  ];
}

/** The pages of webviews, script and style sheet: a folder of the client with a page in it is one. */
export function pageBundles(choice: Choice, folder: string): readonly BuildOptions[] {
  return pageNames().map((name) => ({
    ...forWorker(choice),
    entryPoints: [`client/src/webviews/${name}/page/${name}.ts`],
    outfile: `${folder}/pages/${name}.js`,
  }));
}

function pageNames(): readonly string[] {
  const folder = join(root, 'client/src/webviews');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'page', `${name}.ts`)));
}

export function serverBundles(choice: Choice, folder: string): readonly BuildOptions[] {
  return [
    { ...engine(choice), outfile: `${folder}/engine.js` },
    { ...nodeServer(choice), outfile: `${folder}/server.js` },
    { ...commandLine(choice), entryPoints: ['server/src/main-cli.ts'], outfile: `${folder}/cli.js` },
    { ...commandLine(choice), entryPoints: ['server/src/main-commands.ts'], outfile: `${folder}/commands.js` },
    {
      ...forNode(choice),
      entryPoints: ['server/src/main-mcp.ts'],
      outfile: `${folder}/mcp.js`,
      plugins: [shortManifest, withoutAnswersOfUsers],
    },
    { ...workerServer(choice), outfile: `${folder}/web/server.js` },
  ];
}

/** `require` in place of `import()`, for which Node would start its loader of modules. */
function commandLine(choice: Choice): BuildOptions {
  return { ...forNode(choice), supported: { 'dynamic-import': false }, plugins: [shortManifest, besideCommands] };
}

/**
 * The command line loads its commands from the file beside it, as its version and the language server need none of them; and the tools
 * for agents, with their protocol's library, only for the command `mcp`.
 */
const besideCommands: Plugin = {
  name: 'beside-commands',
  setup(found) {
    found.onResolve({ filter: /\/main-(mcp|commands|node)\.ts$/ }, ({ kind, path }) => {
      const file = path.replace('main-node', 'server').replace('main-', '').replace(/\.ts$/, '.js');
      return kind === 'entry-point' ? undefined : { path: file, external: true };
    });
  },
};

/** The SDK validates with ajv what users answer to a server's questions. Ours asks none. */
const withoutAnswersOfUsers: Plugin = {
  name: 'without-answers-of-users',
  setup(found) {
    found.onLoad({ filter: /modelcontextprotocol.*[\\/]validation[\\/]ajv-provider\.js$/ }, () => ({
      contents: "export class AjvJsonSchemaValidator { getValidator() { throw new Error('no answers of users'); } }",
    }));
  },
};

/** The command line with the language server and the tools for agents inside. */
export function singleFile(choice: Choice, outfile: string): BuildOptions {
  return {
    ...forNode(choice),
    entryPoints: ['server/src/main-cli.ts'],
    outfile,
    plugins: [shortManifest, withoutAnswersOfUsers],
  };
}

/** All bundles of the product, into a folder. */
export async function buildProduct(choice: Choice, folder = 'dist'): Promise<readonly BuildResult[]> {
  prepareFolder(folder);
  const results = await Promise.all(
    [...clientBundles(choice, folder), ...pageBundles(choice, folder), ...serverBundles(choice, folder)].map(
      (options) => build(options),
    ),
  );
  makeExecutable(folder);
  writeThirdParty(results, folder);
  return results;
}

/** Beside the bundles that they are about, so that they go wherever these go. */
function writeThirdParty(results: readonly BuildResult[], folder: string): void {
  const metafiles = results.flatMap(({ metafile }) => metafile ?? []);
  writeFileSync(join(root, folder, noticesFile), noticesOf(metafiles));
  writeFileSync(join(root, folder, componentsFile), componentsOf(metafiles));
}

export function prepareFolder(folder: string): void {
  mkdirSync(join(root, folder), { recursive: true });
  // The project's own sources are ES modules, its bundles are not.
  writeFileSync(join(root, folder, 'package.json'), '{"type":"commonjs"}\n');
}

export function makeExecutable(folder: string): void {
  for (const program of ['server.js', 'cli.js'])
    if (existsSync(join(root, folder, program))) chmodSync(join(root, folder, program), 0o755);
}

/** The suites that run inside the editor, into `out/`: one for its Node extension host, one for its web worker. */
export async function buildHostTests(): Promise<void> {
  const choice = { minify: false };
  await Promise.all([
    build({
      ...forNode(choice),
      external: ['vscode', 'mocha'],
      entryPoints: ['test/vscode/host-tests/index.node.ts'],
      outfile: 'out/host/index.cjs',
    }),
    // mocha's browser build looks for a module system and must find none.
    build({
      ...forWorker(choice),
      format: 'cjs',
      entryPoints: ['test/vscode/host-tests/index.web.ts'],
      outfile: 'out/host-web/index.cjs',
      define: { module: 'undefined', exports: 'undefined' },
    }),
  ]);
}
