// A script of the benchmark as one file, small as the product is packaged: what is measured must not compile TypeScript meanwhile.
import { build } from 'esbuild';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** `entry` is a path below `test/bench`. Gives the path of the bundle in `folder`. */
export async function bundled(entry: string, folder: string): Promise<string> {
  const outfile = join(folder, entry.replaceAll('/', '-').replace(/\.ts$/, '.cjs'));
  await build({
    absWorkingDir: root,
    entryPoints: [join('test/bench', entry)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    mainFields: ['module', 'main'],
    loader: { '.md': 'text' },
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    logLevel: 'error',
  });
  return outfile;
}
