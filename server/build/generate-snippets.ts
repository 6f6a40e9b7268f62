// From the templates to the snippets of the extension.
import { snippetFile } from '../src/features/templates/snippet-file.ts';
import type { Generated } from './generated.ts';

export const snippets: Generated = {
  name: 'snippets',
  make() {
    return Promise.resolve({
      files: [{ path: 'snippets/egress.json', text: `${JSON.stringify(snippetFile(), null, 2)}\n` }],
    });
  },
};
