// The snippets of the extension: every template with its usual values, and the case of an egress test.
import { newCaseSnippet } from '../egress-test/new-case.ts';
import { asSnippet } from './fill.ts';
import { templates } from './templates.ts';

export interface Snippet {
  readonly prefix: string;
  readonly scope: 'yaml';
  readonly description: string;
  readonly body: readonly string[];
}

export function snippetFile(): Readonly<Record<string, Snippet>> {
  const manifests = templates.map((template): readonly [string, Snippet] => [
    template.title,
    snippet(template.id, template.description, asSnippet(template)),
  ]);
  const expectation = snippet(
    'egress-test',
    'What one request is expected to do; for files called *.egress-test.yaml',
    `${newCaseSnippet}\n$0`,
  );
  return Object.fromEntries([...manifests, ['Egress test: one request', expectation]]);
}

function snippet(id: string, description: string, text: string): Snippet {
  return { prefix: `istio-${id}`, scope: 'yaml', description, body: text.split('\n') };
}
