import { join, relative } from 'node:path';
import { buildProduct, root } from '../../../server/build/bundles.ts';

/** The command line as it is packaged, built into a folder; gives its path. */
export async function packaged(folder: string): Promise<string> {
  await buildProduct({ minify: true }, relative(root, join(folder, 'product')));
  return join(folder, 'product/cli.js');
}
